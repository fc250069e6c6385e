"""Wire shapes of access policies."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from muster.kernel.policies.composed import Condition, Document
from muster.kernel.policies.matrix import SCOPES, Grant

_NAME = validate.Regexp(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_ONE_LINE = validate.Regexp(r"[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]*\Z")


class PolicyGrantSchema(Schema):
    """One cell of the matrix: holders of a role may do an action, within a scope."""

    role = fields.String(required=True, validate=validate.Length(1, 64))
    action = fields.String(required=True, validate=validate.Length(1, 100))
    scope = fields.String(
        required=True,
        validate=validate.OneOf(list(SCOPES)),
        metadata={"description": "own, units (theirs and below), force, or never"},
    )


class PolicyConditionSchema(Schema):
    """A template filled in; `GET /admin/v1/access-policies/templates` lists templates and fields."""

    template = fields.String(required=True, validate=validate.Length(1, 60))
    name = fields.String(
        required=True, validate=_NAME, metadata={"description": "Ends the rule's @id"}
    )
    actions = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        required=True,
        validate=validate.Length(1, 200),
    )
    roles = fields.List(fields.String(), load_default=list, validate=validate.Length(max=20))
    unit = fields.String(load_default="", validate=[validate.Length(max=64), _ONE_LINE])
    values = fields.Dict(keys=fields.String(), load_default=dict)
    advice = fields.String(load_default="", validate=[validate.Length(max=500), _ONE_LINE])
    advice_zh = fields.String(load_default="", validate=[validate.Length(max=500), _ONE_LINE])


class PolicyDocumentSchema(Schema):
    """What administrators edit: grants, conditions, shipped permits switched off, Cedar text."""

    grants = fields.List(
        fields.Nested(PolicyGrantSchema), load_default=list, validate=validate.Length(max=2000)
    )
    conditions = fields.List(
        fields.Nested(PolicyConditionSchema), load_default=list, validate=validate.Length(max=500)
    )
    off = fields.List(
        fields.String(validate=validate.Length(1, 200)),
        load_default=list,
        validate=validate.Length(max=500),
    )
    expert = fields.String(
        load_default="",
        validate=[
            validate.Length(max=200_000),
            validate.Regexp(r"[^\x00\ud800-\udfff]*\Z", error="Not text: NUL or half a character."),
        ],
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Document:
        """Return the document."""
        return Document(
            grants=[Grant(**one) for one in data["grants"]],
            conditions=[Condition(**one) for one in data["conditions"]],
            off=data["off"],
            expert=data["expert"],
        )


class NewPolicySetSchema(Schema):
    """A new draft; without a document it begins with that of `based_on`, or of the set in force."""

    title = fields.String(required=True, validate=[validate.Length(1, 200), _ONE_LINE])
    note = fields.String(load_default="", validate=validate.Length(max=1000))
    document = fields.Nested(PolicyDocumentSchema)
    based_on = fields.Integer(validate=validate.Range(1, 2**31 - 1))


class RevisedPolicySetSchema(Schema):
    """A draft's new content."""

    document = fields.Nested(PolicyDocumentSchema, required=True)
    title = fields.String(validate=[validate.Length(1, 200), _ONE_LINE])
    note = fields.String(validate=validate.Length(max=1000))


class PolicyReasonSchema(Schema):
    """Why; a second person or an auditor will read it."""

    reason = fields.String(required=True, validate=validate.Length(5, 1000))


class PolicyFlawSchema(Schema):
    """What is wrong where; line and column count from 1 within the section's own text."""

    section = fields.String(required=True, metadata={"description": "generated, expert or off"})
    line = fields.Integer(required=True)
    column = fields.Integer(required=True)
    reason = fields.String(required=True)
    rule = fields.String(required=True)


class PolicySetSchema(Schema):
    """One set of the force's own access policies."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "draft, published or discarded"})
    based_on = fields.Integer(required=True)
    content_hash = fields.String(required=True)
    created_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class WholePolicySetSchema(PolicySetSchema):
    """A set with its document, the Cedar it says, and what is wrong with it."""

    document = fields.Dict(required=True)
    text = fields.String(required=True)
    flaws = fields.List(fields.Nested(PolicyFlawSchema), required=True)


class PolicyRuleSchema(Schema):
    """One rule; `layer` is shipped or force, `locked` ones hold for every force."""

    id = fields.String(required=True)
    effect = fields.String(required=True)
    layer = fields.String(required=True)
    locked = fields.Boolean(required=True)
    text = fields.String(required=True)
    advice = fields.String(required=True)
    advice_zh = fields.String(required=True)


class PoliciesInForceSchema(Schema):
    """What this server judges by; flaws are rules that do not fit this release."""

    number = fields.Integer(required=True, metadata={"description": "0: the shipped rules alone"})
    epoch = fields.Integer(required=True)
    set_id = fields.String(required=True, metadata={"description": "As the audit log names it"})
    shadow = fields.Integer(allow_none=True)
    flaws = fields.List(fields.String(), required=True)
    rules = fields.List(fields.Nested(PolicyRuleSchema), required=True)


class PolicyPublicationSchema(Schema):
    """When a set came into force or into shadow, and who agreed."""

    epoch = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"description": "active, shadow or shadow_end"})
    set_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    asked_by = fields.UUID(required=True)
    approved_by = fields.UUID(allow_none=True)
    at = fields.AwareDateTime(required=True)


class PolicyRuleChangeSchema(Schema):
    """A rule that differs from what is in force."""

    rule = fields.String(required=True)
    change = fields.String(
        required=True, metadata={"description": "added, removed, changed or switched off"}
    )
    before = fields.String(required=True)
    after = fields.String(required=True)


class PolicyDifferenceSchema(Schema):
    """A set beside what is in force."""

    changes = fields.List(fields.Nested(PolicyRuleChangeSchema), required=True)


class ImpactSituationSchema(Schema):
    """Where and on what an effect shows: own_unit, unit_above, elsewhere, a unit's code, or ''."""

    place = fields.String(required=True)
    own = fields.Boolean(required=True)
    facts = fields.Function(lambda one: dict(one.facts), required=True)
    circumstances = fields.Function(lambda one: dict(one.circumstances), required=True)


class ImpactOfficerSchema(Schema):
    """An officer."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)


class ImpactEffectSchema(Schema):
    """What some officers gain or lose."""

    action = fields.String(required=True)
    change = fields.String(required=True, metadata={"description": "gains or loses"})
    situations = fields.List(fields.Nested(ImpactSituationSchema), required=True)
    officers = fields.List(fields.Nested(ImpactOfficerSchema), required=True)


class PolicyImpactSchema(Schema):
    """Who gains and who loses, by name, if the set came into force now."""

    before = fields.String(required=True)
    after = fields.String(required=True)
    rules = fields.List(fields.String(), required=True)
    effects = fields.List(fields.Nested(ImpactEffectSchema), required=True)
    officers = fields.Integer(required=True)
    complete = fields.Boolean(required=True)


class ShadowDifferenceSchema(Schema):
    """Answers of the set in shadow that differ: who, what, how often, by which rules."""

    action = fields.String(required=True)
    officer = fields.String(attribute="actor_label", required=True)
    actor_id = fields.UUID(allow_none=True)
    allowed = fields.Boolean(required=True, metadata={"description": "What it would have said"})
    rules = fields.List(fields.String(), required=True)
    count = fields.Integer(required=True)
    last_at = fields.AwareDateTime(required=True)


class PolicyShadowSchema(Schema):
    """What a shadow found so far."""

    running = fields.Boolean(required=True)
    compared = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    differences = fields.List(fields.Nested(ShadowDifferenceSchema), required=True)


class MatrixRowSchema(Schema):
    """One action of the matrix, with the scopes that can be granted."""

    action = fields.String(required=True)
    resource = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)
    scopes = fields.List(fields.String(), required=True)
    reach = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "By role: the widest scope in force for a holder of it alone"},
    )


class PolicyTemplateFieldSchema(Schema):
    """One thing a template asks for."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    required = fields.Boolean(required=True)


class PolicyTemplateSchema(Schema):
    """A condition to fill in."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    fields_ = fields.List(
        fields.Nested(PolicyTemplateFieldSchema),
        attribute="fields",
        data_key="fields",
        required=True,
    )


class ExplainQuery(Schema):
    """May this officer do this, on what, under which circumstances?"""

    officer = fields.String(
        required=True,
        validate=validate.Length(1, 64),
        metadata={"description": "Number or id"},
    )
    action = fields.String(required=True, validate=validate.Length(1, 100))
    unit = fields.String(load_default="", validate=validate.Length(max=64))
    own = fields.Boolean(load_default=False)
    attribute = fields.List(
        fields.String(validate=validate.Regexp(r"\w+=.*")),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "name=value, once for each attribute of the resource"},
    )
    surface = fields.String(load_default="", validate=validate.OneOf(["", "console", "field"]))
    zone = fields.String(load_default="internet", validate=validate.Length(max=64))
    tier = fields.Integer(load_default=2, validate=validate.Range(0, 3))
    purpose = fields.String(load_default="", validate=validate.Length(max=100))
    case_ref = fields.String(load_default="", validate=validate.Length(max=100))
    at = fields.AwareDateTime(load_default=None)
    set_id = fields.UUID(load_default=None)


class ExplanationSchema(Schema):
    """The answer, the rules that made it, what they asked, and what alone would turn it."""

    allowed = fields.Boolean(required=True)
    officer = fields.String(attribute="officer.number", required=True)
    name = fields.String(attribute="officer.name", required=True)
    action = fields.String(attribute="action.name", required=True)
    set_id = fields.String(required=True)
    number = fields.Integer(required=True)
    erred = fields.Boolean(required=True)
    rules = fields.List(fields.Nested(PolicyRuleSchema), required=True)
    used = fields.Dict(required=True)
    assumed = fields.Dict(required=True)
    lifts = fields.List(fields.String(), required=True)
    permits = fields.List(fields.Nested(PolicyRuleSchema), required=True)
