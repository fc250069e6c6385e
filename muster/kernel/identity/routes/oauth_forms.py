"""How the OpenAPI document shows the forms of the authorization server."""

from typing import Any

from muster.kernel.identity.oauth.metadata import GRANTS

_TEXT: dict[str, Any] = {"type": "string"}
PROOF = [{"in": "header", "name": "DPoP", "required": True, "schema": _TEXT}]


def _form(required: list[str], **properties: dict[str, Any] | str) -> dict[str, Any]:
    """Return a form's body; a text says what a plain field is for."""
    fields = {
        name: {"type": "string", "description": said} if isinstance(said, str) else said
        for name, said in properties.items()
    }
    schema = {"type": "object", "required": required, "properties": fields}
    return {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": schema}},
    }


PAR = _form(
    ["response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method"],
    response_type={"type": "string", "enum": ["code"]},
    client_id=_TEXT,
    redirect_uri="One that is registered for the app",
    code_challenge="PKCE (RFC 7636)",
    code_challenge_method={"type": "string", "enum": ["S256"]},
    scope="Of what the app was granted; everything without it",
    state=_TEXT,
    dpop_jkt="Thumbprint of the proof's key, if given",
)
TOKEN = _form(
    ["grant_type", "client_id"],
    grant_type={"type": "string", "enum": list(GRANTS)},
    client_id=_TEXT,
    code="With authorization_code",
    redirect_uri="With authorization_code",
    code_verifier="With authorization_code",
    number="With the officer-pin grant",
    pin="With the officer-pin grant",
    refresh_token="With refresh_token",  # noqa: S106 - a description
    scope="With officer-pin or refresh_token: of what the app was granted",
)
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": _TEXT, "error_description": _TEXT},
}


def answers(good: int = 200, media: str = "application/json") -> dict[str, Any]:
    """Return the answers of an endpoint: JSON of its own shape, errors as in RFC 6749 §5.2."""
    plain = {media: {"schema": {"type": "object"}}} if media else {}
    refusal = {"application/json": {"schema": _ERROR}}
    said = {400: "Refused", 401: "The client or its proof", 403: "Blocked", 429: "Too often"}
    return {str(good): {"description": "As the RFC has it", "content": plain}} | {
        str(status): {"description": why, "content": refusal}
        for status, why in (said | {503: "Busy"}).items()
    }


REVOKE = _form(["token"], token=_TEXT, token_type_hint=_TEXT, client_id=_TEXT)
INTROSPECT = _form(
    ["token", "client_assertion_type", "client_assertion"],
    token=_TEXT,
    token_type_hint=_TEXT,
    client_id=_TEXT,
    client_assertion_type=_TEXT,
    client_assertion="A JWT signed by the server's registered key (RFC 7523)",
)
