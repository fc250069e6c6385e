"""The authorization server's endpoints for programs (RFC 6749, 7009, 7662, 8414, 9126, 9449)."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from muster.kernel.errors import DomainError
from muster.kernel.identity import dpop, nonces, sessions
from muster.kernel.identity.errors import InvalidProof
from muster.kernel.identity.oauth import assertions, introspection, par, tokens
from muster.kernel.identity.oauth.answers import field, refusal
from muster.kernel.identity.oauth.metadata import metadata as describe
from muster.kernel.identity.routes import oauth_forms as forms
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel
from muster.ondevice.jwk import thumbprint

blp = Blueprint(
    "oauth",
    __name__,
    audience="field",
    description="Tokens for apps on terminals, bound to the terminal's key",
)
_FORM_LIMIT = 8 * 1024
_MINUTE = 60
_FROM_ONE_ADDRESS = 6000  # a force may stand behind one address


@blp.route("/oauth/par", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT)
@blp.doc(requestBody=forms.PAR, parameters=forms.PROOF, responses=forms.answers(201))
def push_request() -> Response:
    """Push an authorization request; `request_uri` is good once and for 60 seconds."""
    return _answered(lambda: par.push(kernel(), _form(), _proof("oauth.par")), 201)


@blp.route("/oauth/token", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT)
@blp.doc(requestBody=forms.TOKEN, parameters=forms.PROOF, responses=forms.answers())
def token() -> Response:
    """Get tokens for a code, a PIN or a refresh token; the DPoP proof is the terminal's."""
    return _answered(lambda: tokens.token(kernel(), _form(), _proof("oauth.token"), actor().origin))


@blp.route("/oauth/revoke", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT)
@blp.doc(requestBody=forms.REVOKE, responses=forms.answers(media=""))
def revoke() -> Response:
    """End the session behind a refresh or access token; unknown tokens are no error."""
    try:
        _slow_down("oauth.revoke")
        form = _form()
        presented = field(form, "token")
        sessions.revoke(kernel(), presented, field(form, "client_id", required=False))
    except DomainError as error:
        return _refused(error)
    return Response(status=200)


@blp.route(
    "/oauth/introspect", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_FORM_LIMIT
)
@blp.doc(requestBody=forms.INTROSPECT, responses=forms.answers())
def introspect() -> Response:
    """Tell a registered server whether a token is good now, and what it says."""

    def answer() -> dict[str, Any]:
        _slow_down("oauth.introspect")
        form = _form()
        server = assertions.authenticated(kernel(), form)
        return introspection.introspect(kernel(), server, field(form, "token"), actor().origin)

    return _answered(answer)


@blp.route("/.well-known/jwks.json", auth=Auth.OPEN)
@blp.doc(responses={"200": {"description": "JWK set (RFC 7517)"}})
def jwks() -> Response:
    """Public keys of access tokens: current, next and old."""
    return _public(kernel().keys.jwks())


@blp.route("/.well-known/oauth-authorization-server", auth=Auth.OPEN)
@blp.doc(responses={"200": {"description": "Server metadata (RFC 8414)"}})
def metadata() -> Response:
    """What this authorization server offers."""
    settings = kernel().settings
    return _public(describe(settings.origin, settings.certificate_origin))


def _answered(answer: Callable[[], dict[str, Any]], status: int = 200) -> Response:
    try:
        response = jsonify(answer())
        response.status_code = status
    except DomainError as error:
        response = _refused(error)
    if "DPoP" in request.headers:
        response.headers.setdefault(nonces.HEADER, nonces.current(kernel()))
    return response


def _proof(purpose: str) -> dict[str, Any]:
    """Return the key of the proof; both the address and the key may ask only so often."""
    _slow_down(f"{purpose}.address")
    proofs = request.headers.getlist("DPoP")
    if len(proofs) != 1:
        raise InvalidProof("Send exactly one DPoP header.")
    jwk = dpop.verify(kernel(), proofs[0], "POST", request.path, nonce=True)
    kernel().limits.hit(f"{purpose}.key", thumbprint(jwk), 20, _MINUTE)
    return jwk


def _slow_down(purpose: str) -> None:
    kernel().limits.hit(purpose, actor().origin.address, _FROM_ONE_ADDRESS, _MINUTE)


def _form() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in request.form}


def _refused(error: DomainError) -> Response:
    body, status, headers = refusal(error)
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers)
    return response


def _public(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
