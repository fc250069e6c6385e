"""Wire shapes of compliance rules."""

from marshmallow import Schema, fields, validate

from mdm.wire import flag


class RuleSchema(Schema):
    """A rule in force. `version` is 0 while it is the house's default."""

    id = fields.String(attribute="rule.id", required=True)
    fact = fields.String(attribute="rule.fact", required=True)
    operator = fields.String(attribute="rule.operator", required=True)
    value = fields.Raw(attribute="rule.value", required=True)
    severity = fields.String(attribute="rule.severity", required=True)
    action = fields.String(attribute="rule.action", required=True)
    enabled = fields.Boolean(attribute="rule.enabled", required=True)
    version = fields.Integer(required=True)


class RulesSchema(Schema):
    """The one rule set."""

    items = fields.List(fields.Nested(RuleSchema), required=True)


class RuleChangeSchema(Schema):
    """What a rule is to say from now on."""

    value = fields.Raw(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(["low", "medium", "high"]))
    action = fields.String(required=True, validate=validate.OneOf(["warn", "block"]))
    enabled = flag(load_default=True)
