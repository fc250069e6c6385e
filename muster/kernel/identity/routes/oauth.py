"""The token endpoint and its neighbours, in their own protocols (RFC 6749, 7009, 8414, 9449)."""

from typing import Any

from flask import Response, jsonify, request

from muster.kernel.errors import DomainError
from muster.kernel.identity import dpop, oauth, sessions
from muster.kernel.identity.errors import InvalidProof
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel
from muster.ondevice.jwk import thumbprint

blp = Blueprint(
    "oauth",
    __name__,
    audience="field",
    description="Tokens for apps on terminals, bound to the terminal's key",
)

_FORM_LIMIT = 8 * 1024
_TOKEN_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_id"],
                "properties": {
                    "grant_type": {"type": "string", "enum": list(oauth.GRANTS)},
                    "client_id": {"type": "string"},
                    "number": {"type": "string", "description": "With the officer-pin grant"},
                    "pin": {"type": "string", "description": "With the officer-pin grant"},
                    "refresh_token": {"type": "string"},
                },
            }
        }
    },
}
_REVOKE_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["token"],
                "properties": {
                    "token": {"type": "string"},
                    "token_type_hint": {"type": "string"},
                    "client_id": {"type": "string"},
                },
            }
        }
    },
}


@blp.route("/oauth/token", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT)
@blp.doc(
    requestBody=_TOKEN_FORM,
    parameters=[{"in": "header", "name": "DPoP", "required": True, "schema": {"type": "string"}}],
)
def token() -> Response:
    """Sign an officer in on this terminal, or refresh; the DPoP proof is the terminal's."""
    try:
        origin = actor().origin
        kernel().limits.hit("oauth.token.address", origin.address, 6000, 60)
        jwk = _proof()
        kernel().limits.hit("oauth.token.key", thumbprint(jwk), 20, 60)
        return jsonify(oauth.token(kernel(), _form(), jwk, origin))
    except DomainError as error:
        return _refused(error)


@blp.route("/oauth/revoke", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT)
@blp.doc(requestBody=_REVOKE_FORM)
def revoke() -> Response:
    """End the session behind a refresh or access token; unknown tokens are no error."""
    try:
        kernel().limits.hit("oauth.revoke", actor().origin.address, 6000, 60)
        form = _form()
        presented = oauth.field(form, "token")
        sessions.revoke(kernel(), presented, oauth.field(form, "client_id", required=False))
    except DomainError as error:
        return _refused(error)
    return Response(status=200)


@blp.route("/.well-known/jwks.json", auth=Auth.OPEN)
@blp.doc(responses={"200": {"description": "JWK set (RFC 7517)"}})
def jwks() -> Response:
    """Public keys of access tokens: current, next and old."""
    return _public(kernel().keys.jwks())


@blp.route("/.well-known/oauth-authorization-server", auth=Auth.OPEN)
@blp.doc(responses={"200": {"description": "Server metadata (RFC 8414)"}})
def metadata() -> Response:
    """What this authorization server offers."""
    return _public(oauth.metadata(kernel().settings.origin))


def _proof() -> dict[str, Any]:
    proofs = request.headers.getlist("DPoP")
    if len(proofs) != 1:
        raise InvalidProof("Send exactly one DPoP header.")
    return dpop.verify(kernel(), proofs[0], "POST", request.path)


def _form() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in request.form}


def _refused(error: DomainError) -> Response:
    body, status, headers = oauth.refusal(error)
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers)
    return response


def _public(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
