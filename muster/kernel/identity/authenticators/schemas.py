"""Wire shapes of one's own account and of step-up."""

from marshmallow import Schema, fields, validate

_CODE = validate.Length(1, 40)
_SECRET = validate.Length(1, 256)


class StepUpSchema(Schema):
    """Password and code, once more."""

    password = fields.String(required=True, load_only=True, validate=_SECRET)
    otp = fields.String(required=True, load_only=True, validate=_CODE)


class PasskeySchema(Schema):
    """A passkey; `backed_up` ones are copied between the devices of their owner."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    backed_up = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    blocked_at = fields.AwareDateTime(required=True, allow_none=True)


class AccountSchema(Schema):
    """One's own second factors."""

    passkeys = fields.List(fields.Nested(PasskeySchema), required=True)
    app_since = fields.AwareDateTime(required=True, allow_none=True)
    recovery_codes_left = fields.Integer(required=True)


class NewAppSchema(Schema):
    """An authenticator app that counts once a code of it is shown, within five minutes."""

    enrolment = fields.String(required=True)
    secret = fields.String(required=True, metadata={"description": "Base32 (RFC 4648 §6)"})
    uri = fields.String(required=True, metadata={"description": "`otpauth://`, for a QR code"})


class ConfirmAppSchema(Schema):
    """The first code of a new app."""

    enrolment = fields.String(required=True, validate=validate.Length(1, 64))
    code = fields.String(required=True, load_only=True, validate=_CODE)


class ConfirmedAppSchema(Schema):
    """The session's new token, and ten recovery codes, shown this once."""

    token = fields.String(required=True)
    recovery_codes = fields.List(fields.String(), required=True)


class RecoveryCodesSchema(Schema):
    """Ten recovery codes, shown this once."""

    recovery_codes = fields.List(fields.String(), required=True)


class OpenSessionSchema(Schema):
    """A session that still opens doors."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "console or field"})
    client = fields.String(required=True)
    terminal = fields.String(required=True, metadata={"description": "Label, '' at the console"})
    amr = fields.List(fields.String(), required=True, metadata={"description": "RFC 8176"})
    began_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    current = fields.Boolean(required=True)


class OpenSessionsSchema(Schema):
    """Open sessions, the newest first."""

    items = fields.List(fields.Nested(OpenSessionSchema), required=True)


class ChangePasswordSchema(Schema):
    """The password one has and the one to have."""

    current = fields.String(required=True, load_only=True, validate=_SECRET)
    new = fields.String(required=True, load_only=True, validate=_SECRET)
