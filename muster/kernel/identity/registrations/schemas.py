"""Wire shapes of registered clients."""

from marshmallow import Schema, fields, validate

from muster.kernel.guard import SCOPES
from muster.kernel.identity.oauth.redirects import LONGEST
from muster.kernel.identity.registrations.sandbox import LONGEST_DAYS
from muster.kernel.web import PageQuery

_NAME = validate.Regexp(
    r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,89}\Z", error="1 to 90 letters, digits, dots or dashes."
)
_PACKAGE = validate.Regexp(
    r"[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*)+\Z", error="An Android package name."
)
_SIGNER = validate.Regexp(r"([0-9a-f]{64})?\Z", error="64 hex digits in lower case.")


def _scopes(*, required: bool = True) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(list(SCOPES))),
        required=required,
        validate=validate.Length(max=len(SCOPES)),
    )


def _redirects(*, required: bool = False) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.Length(1, LONGEST)),
        required=required,
        validate=validate.Length(max=10),
        metadata={"description": "Compared character by character; a sandbox may name loopback"},
    )


class ClientSchema(Schema):
    """A registered client: an app, a developer's sandbox, or a server that introspects."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"description": "Its client_id"})
    kind = fields.String(required=True, validate=validate.OneOf(["field", "resource_server"]))
    package = fields.String(required=True)
    signer = fields.String(required=True, metadata={"description": "SHA-256 of its certificate"})
    scopes = fields.List(fields.String(), required=True, metadata={"description": "Granted"})
    requested_scopes = fields.List(fields.String(), required=True)
    requested_by = fields.UUID(required=True, allow_none=True)
    redirect_uris = fields.List(fields.String(), required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    unit_id = fields.UUID(required=True, allow_none=True)
    sandbox_unit_id = fields.UUID(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["active", "blocked"]))
    version = fields.Integer(required=True)


class ClientQuery(PageQuery):
    """Which clients; `requested` are those that wait for an answer about scopes."""

    state = fields.String(
        load_default=None, validate=validate.OneOf(["active", "blocked", "requested"])
    )


class NewClientSchema(Schema):
    """A field app that is not in the store, and the scopes it asks for."""

    name = fields.String(required=True, validate=_NAME)
    package = fields.String(required=True, validate=[validate.Length(max=200), _PACKAGE])
    signer = fields.String(load_default="", validate=_SIGNER)
    unit = fields.String(required=True, validate=validate.Length(1, 64))
    redirect_uris = _redirects(required=True)
    scopes = _scopes()


class NewServerSchema(Schema):
    """A server that may introspect tokens of these scopes."""

    name = fields.String(required=True, validate=_NAME)
    jwks = fields.Dict(required=True, metadata={"description": "A JWK set (RFC 7517), P-256"})
    scopes = _scopes()


class NewSandboxSchema(Schema):
    """A developer's own client; it will be called `sandbox.<name>`."""

    name = fields.String(required=True, validate=_NAME)
    package = fields.String(required=True, validate=[validate.Length(max=200), _PACKAGE])
    unit = fields.String(required=True, validate=validate.Length(1, 64))
    redirect_uris = _redirects(required=True)
    scopes = _scopes()
    days = fields.Integer(load_default=30, validate=validate.Range(1, LONGEST_DAYS))


class ClientChangeSchema(Schema):
    """What changes: where it is called back, and what it asks for."""

    redirect_uris = _redirects()
    scopes = _scopes(required=False)


class ScopeGrantSchema(Schema):
    """Everything the app may do from now on; an empty list refuses or takes back."""

    scopes = _scopes()
    reason = fields.String(required=True, validate=validate.Length(5, 500))
