"""Who a server is that asks us about tokens: a JWT signed with its registered key (RFC 7523 §3).

Only ES256, only our issuer as the audience, and each assertion once: what a log or a proxy saw is
worth nothing afterwards.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import jwt

from muster.kernel.identity import clients
from muster.kernel.identity.dpop import check_public_ec_key
from muster.kernel.identity.errors import InvalidClient, InvalidProof
from muster.kernel.identity.models import Client
from muster.kernel.identity.oauth.answers import Form, field

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST: Final = timedelta(minutes=5)
_REQUIRED = ["iss", "sub", "aud", "exp", "jti"]


def authenticated(kernel: "Kernel", form: Form) -> Client:
    """Return the resource server that signed the form's assertion, or raise `InvalidClient`."""
    if field(form, "client_assertion_type", required=False) != TYPE:
        raise InvalidClient("Authenticate with private_key_jwt (RFC 7523).")
    assertion = field(form, "client_assertion", longest=4096)
    try:
        named = jwt.decode(assertion, options={"verify_signature": False}).get("sub")
        header = jwt.get_unverified_header(assertion)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise InvalidClient from error
    client = _server(kernel, named)
    if field(form, "client_id", required=False) not in ("", client.name):
        raise InvalidClient
    claims = _verified(kernel, client, assertion, header.get("kid"))
    _check_life(kernel, client, claims)
    return client


def _server(kernel: "Kernel", name: object) -> Client:
    with kernel.reads() as uow:
        client = clients.by_name(uow, name) if isinstance(name, str) and "\0" not in name else None
        if client is None or client.kind != "resource_server" or client.state != "active":
            raise InvalidClient
        uow.session.expunge(client)
    return client


def _verified(kernel: "Kernel", client: Client, assertion: str, kid: object) -> dict[str, Any]:
    """Try the keys this server registered, by the id the header names if it names one."""
    chosen = [key for key in client.jwks if kid is None or key.get("kid") in (None, kid)]
    for key in chosen:
        try:
            public = jwt.PyJWK(check_public_ec_key(key), algorithm="ES256")
            return jwt.decode(
                assertion,
                public,
                algorithms=["ES256"],
                audience=kernel.settings.origin,
                issuer=client.name,
                subject=client.name,
                options={
                    "require": _REQUIRED,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, InvalidProof, ValueError, TypeError):
            continue
    raise InvalidClient


def _check_life(kernel: "Kernel", client: Client, claims: dict[str, Any]) -> None:
    expires, now, jti = claims["exp"], kernel.clock(), claims["jti"]
    if not isinstance(expires, int | float) or not 0 <= expires < 2**33:
        raise InvalidClient
    ends = datetime.fromtimestamp(expires, UTC)
    if not now < ends <= now + LONGEST or not isinstance(jti, str) or not 8 <= len(jti) <= 128:
        raise InvalidClient("An assertion lives at most five minutes and has a jti.")
    if kernel.limits.replay.seen(f"assertion:{client.id}:{jti}", ends + LONGEST):
        raise InvalidClient("This assertion was used before.")
