"""Wire shapes of sign-in, officers, lock-outs, client credentials and imports."""

from marshmallow import Schema, fields, validate

from muster.kernel.web import PageQuery

_REASON = validate.Length(5, 500)


class ConsoleSignInSchema(Schema):
    """An officer's number and console password."""

    number = fields.String(required=True, validate=validate.Length(1, 32))
    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 256))
    otp = fields.String(
        load_default="",
        load_only=True,
        validate=validate.Length(max=40),
        metadata={"description": "Code of the authenticator app, or a recovery code"},
    )


class ConsoleSessionSchema(Schema):
    """A console session: send the token as `Authorization: Bearer`."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class SelfPostSchema(Schema):
    """A role in force: for good, lent by a holder, as a deputy, or broken open."""

    role = fields.String(required=True)
    unit = fields.String(required=True, metadata={"description": "Unit code"})
    kind = fields.String(required=True)
    valid_until = fields.AwareDateTime(allow_none=True, required=True)


class SelfOfficerSchema(Schema):
    """The officer signed in."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    sworn = fields.Boolean(required=True)
    rank = fields.Integer(required=True)
    unit = fields.String(required=True, metadata={"description": "Unit code"})
    roles = fields.List(fields.String(), required=True)
    posts = fields.List(fields.Nested(SelfPostSchema), required=True)
    certifications = fields.List(fields.String(), required=True)


class SelfTerminalSchema(Schema):
    """The terminal in hand and the posture it last proved."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    tier = fields.Integer(
        required=True, metadata={"description": "0 none, 1 enrolled, 2 compliant, 3 attested"}
    )
    posture_at = fields.AwareDateTime(allow_none=True, required=True)
    reasons = fields.List(fields.String(), required=True)


class MeSchema(Schema):
    """Who I am, on which terminal, until when."""

    officer = fields.Nested(SelfOfficerSchema, required=True)
    terminal = fields.Nested(SelfTerminalSchema, required=True)
    client = fields.String(required=True)
    must_change_pin = fields.Boolean(
        required=True, metadata={"description": "Nothing but choosing a PIN is allowed"}
    )
    session_id = fields.UUID(required=True)
    session_ends_at = fields.AwareDateTime(required=True)


class OfficerSchema(Schema):
    """An officer as their administrators see them."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    sworn = fields.Boolean(required=True)
    rank = fields.Integer(required=True)
    unit_id = fields.UUID(required=True)
    state = fields.String(required=True)
    ends_at = fields.AwareDateTime(allow_none=True, required=True)


class OfficerQuery(PageQuery):
    """Officers of a unit and all below it; without `unit`, one's own."""

    unit = fields.String(load_default="", validate=validate.Length(max=64))
    state = fields.String(
        load_default=None, validate=validate.OneOf(["active", "suspended", "left"])
    )


class ReasonSchema(Schema):
    """Why; it goes into the audit log."""

    reason = fields.String(required=True, validate=_REASON)


class SessionQuery(Schema):
    """Whose sessions."""

    officer = fields.String(required=True, validate=validate.Length(1, 32))


class OfficerSessionSchema(Schema):
    """A session in the field that has not ended."""

    id = fields.UUID(required=True)
    terminal = fields.String(required=True)
    client = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class OfficerSessionsSchema(Schema):
    """An officer's sessions, newest first."""

    items = fields.List(fields.Nested(OfficerSessionSchema), required=True)


class ExtensionSchema(ReasonSchema):
    """How many hours longer, and why."""

    hours = fields.Integer(required=True, validate=validate.Range(1, 12))


class ExtendedSchema(Schema):
    """A session's new end."""

    id = fields.UUID(required=True)
    ends_at = fields.AwareDateTime(required=True, attribute="expires_at")


class LockoutReleaseSchema(ReasonSchema):
    """Which lock-out to release."""

    subject = fields.String(required=True, validate=validate.Length(1, 200))


class LockoutSchema(Schema):
    """A subject locked after too many failures: `officer:…`, `console:…` or `device:…`."""

    subject = fields.String(required=True)
    locked_at = fields.AwareDateTime(required=True)


class LockoutsSchema(Schema):
    """Everybody the caller could release, the longest locked first."""

    items = fields.List(fields.Nested(LockoutSchema), required=True)


class ClientCredentialSchema(Schema):
    """A client credential without its secret."""

    id = fields.UUID(required=True)
    surface = fields.String(required=True)
    label = fields.String(required=True)
    officer_id = fields.UUID(required=True)
    device_id = fields.UUID(allow_none=True)
    scope = fields.List(fields.String())
    purpose = fields.String()
    expires_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(allow_none=True)


class IssuedCredentialSchema(ClientCredentialSchema):
    """A new client credential with its secret, shown this once."""

    secret = fields.String(required=True)


class CredentialRequestSchema(Schema):
    """A client credential to make; without `officer_id`, for oneself."""

    surface = fields.String(required=True, validate=validate.Length(1, 32))
    label = fields.String(required=True, validate=validate.Length(1, 100))
    client = fields.String(required=True, validate=validate.Length(1, 100))
    officer_id = fields.UUID(load_default=None)
    device_id = fields.UUID(load_default=None)
    scope = fields.List(
        fields.String(validate=validate.Length(1, 64)),
        load_default=list,
        validate=validate.Length(max=32),
    )
    purpose = fields.String(load_default="", validate=validate.Length(max=32))
    days = fields.Integer(load_default=30, validate=validate.Range(1, 366))


class CredentialQuery(PageQuery):
    """Whose credentials; without `officer_id`, one's own."""

    officer_id = fields.UUID(load_default=None)


class ImportQuery(Schema):
    """`dry_run=true` reports what would happen and changes nothing."""

    dry_run = fields.Boolean(load_default=False)


class FaultSchema(Schema):
    """One thing wrong with the file: `/<line>/<column>`, and what to do."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class ReportSchema(Schema):
    """What the import did, or would do."""

    added = fields.List(fields.String(), required=True)
    changed = fields.List(fields.String(), required=True)
    unchanged = fields.Integer(required=True)
    faults = fields.List(fields.Nested(FaultSchema), attribute="shown", required=True)
