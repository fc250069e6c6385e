"""Tells another server of the force whether an access token is good now (RFC 7662).

It learns no more than concerns it: a token without one of its own scopes is inactive to it, and so
is everything else, whether it exists or not (§2.2).
"""

from typing import TYPE_CHECKING, Any

from muster.kernel.errors import DomainError
from muster.kernel.identity import gate, tokens
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.models import Client

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_SHOWN = ("iss", "aud", "sub", "client_id", "iat", "exp", "jti", "sid", "device", "auth_time")
_ALSO = ("acr", "amr", "cnf", "sandbox")
_INACTIVE = {"active": False}


def introspect(kernel: "Kernel", server: Client, token: str, origin: Origin) -> dict[str, Any]:
    """Return the token's claims if its session, officer, terminal and app stand at this moment."""
    try:
        claims = tokens.verify(kernel, token)
        actor = gate.by_session(kernel, claims.session_id, "field", origin)
    except DomainError:
        return _INACTIVE
    scope = [name for name in actor.scope if name in claims.scope and name in server.scopes]
    if not scope or actor.device is None or actor.device.jkt != claims.jkt:
        return _INACTIVE
    shown = {name: claims.all[name] for name in (*_SHOWN, *_ALSO) if name in claims.all}
    person = actor.person.number if actor.person else ""
    return {
        "active": True,
        "token_type": "DPoP",
        "scope": " ".join(scope),
        "username": person,
        **shown,
    }
