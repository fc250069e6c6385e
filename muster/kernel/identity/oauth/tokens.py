"""The token endpoint: a code, a PIN or a refresh token for a pair of tokens."""

from typing import TYPE_CHECKING, Any

from muster.kernel.identity import personal_certificates, sessions
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.errors import UnsupportedGrant
from muster.kernel.identity.oauth import redeeming
from muster.kernel.identity.oauth.answers import Form, field
from muster.kernel.identity.oauth.metadata import CERTIFICATE_GRANT, PIN_GRANT
from muster.kernel.identity.token_pair import TokenPair

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


def token(kernel: "Kernel", form: Form, jwk: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """Answer one token request (RFC 6749 §5.1, RFC 9449 §5)."""
    grant = field(form, "grant_type")
    if grant == PIN_GRANT:
        pair = sessions.sign_in_on_terminal(
            kernel,
            jwk,
            field(form, "number"),
            field(form, "pin"),
            field(form, "client_id"),
            origin,
            field(form, "scope", required=False),
        )
    elif grant == CERTIFICATE_GRANT:
        pair = personal_certificates.sign_in_on_terminal(
            kernel, jwk, field(form, "client_id"), origin
        )
    elif grant == "refresh_token":
        pair = sessions.refresh(
            kernel,
            jwk,
            field(form, "refresh_token"),
            field(form, "client_id"),
            origin,
            field(form, "scope", required=False),
        )
    elif grant == "authorization_code":
        pair = redeeming.redeem(kernel, form, jwk, origin)
    else:
        raise UnsupportedGrant
    return _answer(pair)


def _answer(pair: TokenPair) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "token_type": "DPoP",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh_token,
        "scope": pair.scope,
        "session_id": str(pair.session_id),
    }
