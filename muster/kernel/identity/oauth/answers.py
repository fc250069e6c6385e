"""Forms and errors as RFC 6749 wants them: fields given once, its own codes, ASCII sentences."""

from collections.abc import Mapping, Sequence

from muster.kernel.errors import DomainError
from muster.kernel.identity.errors import InvalidTokenRequest

Form = Mapping[str, Sequence[str]]

_LONGEST = 2048
_OWN_CODES = {
    "access_denied",
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "request_not_supported",
    "invalid_dpop_proof",
    "use_dpop_nonce",
}
_CODES = {
    "client_blocked": "unauthorized_client",
    "sandbox_only": "unauthorized_client",
    "dpop_proof_replayed": "invalid_dpop_proof",
    "body_too_large": "invalid_request",
}


def field(form: Form, name: str, *, required: bool = True, longest: int = _LONGEST) -> str:
    """Return one field; missing, empty or given twice is `invalid_request` (RFC 6749 §3.2)."""
    values = form.get(name, ())
    if len(values) > 1:
        raise InvalidTokenRequest(f"The form field {name} is given twice.")
    value = values[0] if values else ""
    if (required and not value) or len(value) > longest:
        raise InvalidTokenRequest(f"The form field {name} is missing, empty or too long.")
    if "\0" in value:
        raise InvalidTokenRequest(f"The form field {name} holds a NUL.")
    return value


def refusal(error: DomainError) -> tuple[dict[str, str], int, dict[str, str]]:
    """Return body, status and headers of a refusal (RFC 6749 §5.2)."""
    headers = dict(error.headers)
    headers.pop("WWW-Authenticate", None)
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
