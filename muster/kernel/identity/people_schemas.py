"""Wire shapes of roles, delegations, reviews, break-glass, leavers and the directory's reports."""

from marshmallow import Schema, fields, validate

from muster.kernel.identity.roles import ROLES
from muster.kernel.identity.schemas import FaultSchema, OfficerSchema, ReasonSchema
from muster.kernel.web import PageQuery

_NUMBER = validate.Length(1, 32)
_CODE = validate.Length(1, 64)
_DATASET = validate.Length(1, 64)
_REASON = validate.Length(5, 500)


class GrantSchema(Schema):
    """A role somebody holds at a unit and below it."""

    id = fields.UUID(required=True)
    officer_id = fields.UUID(required=True)
    role = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["standing", "delegation", "deputy", "break_glass"]),
    )
    valid_from = fields.AwareDateTime(allow_none=True, required=True)
    valid_until = fields.AwareDateTime(allow_none=True, required=True)
    granted_by = fields.UUID(allow_none=True, required=True)
    reason = fields.String(required=True)


class CertificationSchema(Schema):
    """Leave to use one data set."""

    dataset = fields.String(required=True)
    valid_until = fields.AwareDateTime(allow_none=True, required=True)
    kind = fields.String(required=True)


class PersonSchema(OfficerSchema):
    """An officer with the roles and certifications they hold or will hold."""

    grants = fields.List(fields.Nested(GrantSchema), required=True)
    certifications = fields.List(fields.Nested(CertificationSchema), required=True)


class GrantRequestSchema(ReasonSchema):
    """A role to grant."""

    role = fields.String(required=True, validate=validate.OneOf(list(ROLES)))
    unit = fields.String(required=True, validate=_CODE)
    valid_from = fields.AwareDateTime(load_default=None, allow_none=True)
    valid_until = fields.AwareDateTime(load_default=None, allow_none=True)


class GrantedSchema(Schema):
    """The grant, or the request that waits for a second person."""

    grant = fields.Nested(GrantSchema, allow_none=True, required=True)
    approval_id = fields.UUID(allow_none=True, required=True)


class DelegationRequestSchema(ReasonSchema):
    """A role of one's own to lend to an officer, by number."""

    number = fields.String(required=True, validate=_NUMBER)
    role = fields.String(required=True, validate=validate.OneOf(list(ROLES)))
    unit = fields.String(required=True, validate=_CODE)
    until = fields.AwareDateTime(required=True)


class DeputyRequestSchema(DelegationRequestSchema):
    """A role of one's own that a deputy holds during one's leave."""

    since = fields.AwareDateTime(required=True)


class RequestedSchema(Schema):
    """The request that waits for a second person."""

    approval_id = fields.UUID(required=True)


class GrantsSchema(Schema):
    """Roles lent and borrowed."""

    items = fields.List(fields.Nested(GrantSchema), required=True)


class CertificationRequestSchema(ReasonSchema):
    """A data set to certify an officer for; without an end, for good."""

    valid_until = fields.AwareDateTime(load_default=None, allow_none=True)


class EmergencyRequestSchema(ReasonSchema):
    """A helper from elsewhere: an account that ends within 72 hours."""

    number = fields.String(required=True, validate=validate.Regexp(r"[\w.\-]{1,32}\Z"))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    unit = fields.String(required=True, validate=_CODE)
    until = fields.AwareDateTime(required=True)
    sworn = fields.Boolean(load_default=True)


class OneTimePinSchema(Schema):
    """A PIN for one use, shown this once: the first sign-in must choose another."""

    number = fields.String(required=True)
    pin = fields.String(required=True)
    ends_at = fields.AwareDateTime(required=True)


class SecretChangeSchema(Schema):
    """The secret in use and the one to use from now on."""

    current = fields.String(required=True, load_only=True, validate=validate.Length(1, 256))
    new = fields.String(required=True, load_only=True, validate=validate.Length(1, 256))


class PinResetSchema(ReasonSchema):
    """Whose PIN, by number."""

    number = fields.String(required=True, validate=_NUMBER)


class BreakGlassRequestSchema(ReasonSchema):
    """What to open for oneself: a role (at a unit, by default one's own) or a certification."""

    kind = fields.String(required=True, validate=validate.OneOf(["role", "certification"]))
    name = fields.String(required=True, validate=_DATASET)
    unit = fields.String(load_default="", validate=validate.Length(max=64))
    minutes = fields.Integer(load_default=60, validate=validate.Range(1, 60))
    case_ref = fields.String(required=True, validate=validate.Length(3, 64))


class BreakGlassSchema(Schema):
    """What somebody opened for themselves."""

    id = fields.UUID(required=True)
    officer_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    case_ref = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    review_due_at = fields.AwareDateTime(required=True)
    verdict = fields.String(required=True)


class BreakGlassesSchema(Schema):
    """What waits for its review, the oldest first."""

    items = fields.List(fields.Nested(BreakGlassSchema), required=True)


class BreakGlassVerdictSchema(Schema):
    """What the reviewer says."""

    verdict = fields.String(required=True, validate=validate.OneOf(["justified", "misuse"]))
    note = fields.String(required=True, validate=_REASON)


class ReviewItemSchema(Schema):
    """A grant that must be confirmed or withdrawn before its deadline, or lapses."""

    id = fields.UUID(required=True)
    officer_id = fields.UUID(required=True)
    role = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    due_at = fields.AwareDateTime(required=True)


class ReviewItemsSchema(Schema):
    """What the caller may decide, the nearest deadline first."""

    items = fields.List(fields.Nested(ReviewItemSchema), required=True)


class AccessReviewDecisionSchema(Schema):
    """Confirm for another round, or withdraw."""

    confirm = fields.Boolean(required=True)
    note = fields.String(required=True, validate=_REASON)


class ReviewDecidedSchema(Schema):
    """What was decided."""

    decision = fields.String(required=True)


class HoldingSchema(Schema):
    """Something that a leaver or mover still held."""

    id = fields.UUID(required=True)
    officer_id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    cause = fields.String(required=True, validate=validate.OneOf(["left", "moved"]))
    kind = fields.String(required=True)
    reference = fields.String(required=True)
    label = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    resolved_at = fields.AwareDateTime(allow_none=True, required=True)


class HoldingQuery(PageQuery):
    """Of a unit and all below it; without `unit`, one's own."""

    unit = fields.String(load_default="", validate=validate.Length(max=64))


class HeldRemovalSchema(Schema):
    """Somebody whose removal waits."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)


class DirectoryRunSchema(Schema):
    """What the personnel system sent and what became of it."""

    id = fields.UUID(required=True)
    source = fields.String(required=True, validate=validate.OneOf(["directory", "scim"]))
    created_at = fields.AwareDateTime(required=True)
    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    removed = fields.Integer(required=True)
    faults = fields.List(fields.Nested(FaultSchema), required=True)
    held = fields.List(fields.Nested(HeldRemovalSchema), required=True)
    state = fields.String(required=True)


class DirectoryDecisionSchema(ReasonSchema):
    """Release the removals, or refuse them."""

    release = fields.Boolean(required=True)
