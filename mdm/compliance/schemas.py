"""Wire shapes of compliance rules and of what fails them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mdm.compliance.rules import CONSEQUENCES, FACTS, OPERATORS, SEVERITIES, Rule
from mdm.compliance.sound import LONGEST_HOURS
from mdm.devices.classes import CLASSES
from mdm.wire import flag, reason, text
from muster.kernel.web import PageQuery

_OPERATORS = sorted({operator for some in OPERATORS.values() for operator in some})
_HOURS = validate.Range(0, LONGEST_HOURS)


class RuleSchema(Schema):
    """A rule in force. `version` is 0 while it is the house's default."""

    id = fields.String(attribute="rule.id", required=True)
    fact = fields.String(attribute="rule.fact", required=True)
    operator = fields.String(attribute="rule.operator", required=True)
    value = fields.Raw(attribute="rule.value", required=True)
    severity = fields.String(attribute="rule.severity", required=True)
    action = fields.String(attribute="rule.action", required=True)
    enabled = fields.Boolean(attribute="rule.enabled", required=True)
    classes = fields.List(
        fields.String(),
        attribute="rule.classes",
        required=True,
        metadata={"description": "Empty: every class"},
    )
    grace_hours = fields.Integer(attribute="rule.grace_hours", required=True)
    deadline_hours = fields.Integer(attribute="rule.deadline_hours", required=True, allow_none=True)
    escalation = fields.String(attribute="rule.escalation", required=True, allow_none=True)
    unknown_passes = fields.Boolean(attribute="rule.unknown_passes", required=True)
    sentence_en = fields.String(attribute="rule.sentence_en", required=True)
    sentence_zh = fields.String(attribute="rule.sentence_zh", required=True)
    version = fields.Integer(required=True)


class RulesSchema(Schema):
    """The one rule set."""

    items = fields.List(fields.Nested(RuleSchema), required=True)


class RulesQuery(Schema):
    """Which rules to list."""

    device_class = fields.String(load_default=None, validate=validate.OneOf(CLASSES))


class RuleChangeSchema(Schema):
    """What a rule is to say from now on; what is left out of the later fields stays as it is."""

    value = fields.Raw(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    action = fields.String(required=True, validate=validate.OneOf(CONSEQUENCES))
    enabled = flag(load_default=True)
    classes = fields.List(
        fields.String(validate=validate.OneOf(CLASSES)), validate=validate.Length(max=len(CLASSES))
    )
    grace_hours = fields.Integer(strict=True, validate=_HOURS)
    deadline_hours = fields.Integer(strict=True, validate=_HOURS, allow_none=True)
    escalation = fields.String(validate=validate.OneOf(CONSEQUENCES), allow_none=True)
    unknown_passes = flag()
    sentence_en = text(300)
    sentence_zh = text(300)


class NewRuleSchema(RuleChangeSchema):
    """A rule of one's own; of a fact, compared in one way."""

    id = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{2,63}$"))
    fact = fields.String(required=True, validate=validate.OneOf(sorted(FACTS)))
    operator = fields.String(required=True, validate=validate.OneOf(_OPERATORS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Rule:
        """Return the use case's own type."""
        return Rule(**data | {"classes": tuple(data.get("classes", ()))})


class WouldSchema(Schema):
    """A terminal that would fail."""

    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    closed = fields.Boolean(
        required=True, metadata={"description": "Officers see nothing on it even now"}
    )


class PreviewSchema(Schema):
    """What a rule would do: `fail` of `judged` terminals would."""

    judged = fields.Integer(required=True)
    fail = fields.Integer(required=True)
    closing = fields.Integer(
        required=True, metadata={"description": "Of these, how many lose access they have now"}
    )
    all = fields.Boolean(
        required=True, metadata={"description": "False: only the newest terminals were judged"}
    )
    terminals = fields.List(fields.Nested(WouldSchema), required=True)


class FindingSchema(Schema):
    """One failed rule: what it does now, and from `deadline` on."""

    id = fields.String(required=True)
    severity = fields.String(required=True)
    since = fields.AwareDateTime(required=True)
    action = fields.String(required=True)
    deadline = fields.AwareDateTime(required=True, allow_none=True)
    then = fields.String(required=True, allow_none=True)


class FailedSchema(Schema):
    """A terminal and one rule that it fails."""

    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    unit = fields.String(required=True)
    device_class = fields.String(required=True)
    finding = fields.Nested(FindingSchema, required=True)


class FailingQuery(PageQuery):
    """Filters of the list of failing terminals."""

    rule = text(64, load_default=None)
    device_class = fields.String(load_default=None, validate=validate.OneOf(CLASSES))


class StandingSchema(Schema):
    """The last verdict on a terminal."""

    device_id = fields.UUID(attribute="terminal.id", required=True)
    compliant = fields.Boolean(attribute="terminal.compliant", required=True)
    tier = fields.Integer(attribute="terminal.principal.tier", required=True)
    posture_at = fields.AwareDateTime(attribute="terminal.principal.posture_at", allow_none=True)
    reasons = fields.List(fields.Nested(FindingSchema), required=True)


class AcceptSimsSchema(Schema):
    """Why the SIMs that are in a terminal now are accepted."""

    reason = reason()
