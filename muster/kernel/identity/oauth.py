"""What RFC 6749 wants of a token endpoint: its own fields, its own errors."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from muster.kernel.errors import DomainError
from muster.kernel.identity import sessions
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.errors import InvalidTokenRequest, UnsupportedGrant
from muster.kernel.identity.token_pair import TokenPair

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

PIN_GRANT: Final = "urn:passmuster:oauth:grant:officer-pin"
GRANTS: Final = (PIN_GRANT, "refresh_token")
Form = Mapping[str, Sequence[str]]

_OWN_CODES = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unsupported_grant_type",
    "invalid_dpop_proof",
}
_CODES = {
    "client_blocked": "unauthorized_client",
    "dpop_proof_replayed": "invalid_dpop_proof",
    "body_too_large": "invalid_request",
}


def token(kernel: "Kernel", form: Form, jwk: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """Answer one token request (RFC 6749 §5.1, RFC 9449 §5)."""
    grant = field(form, "grant_type")
    if grant == PIN_GRANT:
        pair = sessions.sign_in_on_terminal(
            kernel, jwk, field(form, "number"), field(form, "pin"), field(form, "client_id"), origin
        )
    elif grant == "refresh_token":
        pair = sessions.refresh(
            kernel, jwk, field(form, "refresh_token"), field(form, "client_id"), origin
        )
    else:
        raise UnsupportedGrant
    return _answer(pair)


def field(form: Form, name: str, *, required: bool = True) -> str:
    """Return one field; missing, empty or given twice is `invalid_request` (RFC 6749 §3.2)."""
    values = form.get(name, ())
    if len(values) > 1:
        raise InvalidTokenRequest(f"The form field {name} is given twice.")
    value = values[0] if values else ""
    if (required and not value) or len(value) > 2048:
        raise InvalidTokenRequest(f"The form field {name} is missing, empty or too long.")
    return value


def refusal(error: DomainError) -> tuple[dict[str, str], int, dict[str, str]]:
    """Return body, status and headers of a refusal (RFC 6749 §5.2)."""
    headers = dict(error.headers)
    description = "".join(
        sign if " " <= sign <= "~" and sign not in '"\\' else "?" for sign in error.detail
    )
    if error.status in (429, 500, 503):
        return {"error": error.code, "error_description": description}, error.status, headers
    code = error.code if error.code in _OWN_CODES else _CODES.get(error.code, "invalid_grant")
    status = 401 if code == "invalid_client" else 400
    if status == 401:
        headers["WWW-Authenticate"] = 'DPoP error="invalid_client", algs="ES256"'
    return {"error": code, "error_description": description}, status, headers


def metadata(origin: str) -> dict[str, Any]:
    """Return the authorization server's metadata (RFC 8414), only what is true."""
    return {
        "issuer": origin,
        "token_endpoint": f"{origin}/oauth/token",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "jwks_uri": f"{origin}/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": list(GRANTS),
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "dpop_signing_alg_values_supported": ["ES256"],
    }


def _answer(pair: TokenPair) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "token_type": "DPoP",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh_token,
        "scope": pair.scope,
        "session_id": str(pair.session_id),
    }
