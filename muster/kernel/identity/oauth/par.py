"""Takes an app's authorization request from its own hands, before any browser (RFC 9126).

The DPoP proof is by the key of the terminal: it names the terminal on which the officer will sign
in, and binds the code to that key (RFC 9449 §10.1).
"""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from muster.kernel.identity import clients
from muster.kernel.identity.devices import out_of_service
from muster.kernel.identity.errors import InvalidProof, InvalidTokenRequest
from muster.kernel.identity.models import Client, Device
from muster.kernel.identity.oauth.answers import Form, field
from muster.kernel.identity.oauth.errors import (
    AccessDenied,
    RequestNotSupported,
    UnsupportedResponseType,
)
from muster.kernel.identity.oauth.models import Authorization
from muster.kernel.identity.oauth.redirects import matches
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.ids import token
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LIFETIME: Final = timedelta(seconds=60)
PREFIX: Final = "urn:ietf:params:oauth:request_uri:"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def push(kernel: "Kernel", form: Form, jwk: dict[str, Any]) -> dict[str, Any]:
    """Keep a request and return `request_uri`, good once and for 60 seconds (RFC 9126 §2.2).

    Raises `InvalidTokenRequest`, `InvalidClient`, `ClientBlocked`, `InvalidScope`, `InvalidProof`,
    `UnsupportedResponseType`, `RequestNotSupported`, and `AccessDenied` for a terminal that is not
    in service.
    """
    _refuse_other_kinds(form)
    jkt = thumbprint(jwk)
    if field(form, "dpop_jkt", required=False) not in ("", jkt):
        raise InvalidProof("dpop_jkt names another key than the proof.")
    secret = token()
    with kernel.writes() as uow:
        client = clients.field(uow, field(form, "client_id"))
        device = uow.session.scalar(select(Device).where(Device.jkt == jkt))
        if device is None or out_of_service(uow, device):
            raise AccessDenied
        uow.session.add(
            Authorization(
                request_hash=secret_hash(secret),
                client_id=client.id,
                jkt=jkt,
                redirect_uri=_redirect(client, field(form, "redirect_uri", longest=500)),
                state=field(form, "state", required=False, longest=1000),
                scope=clients.scope_of(client, field(form, "scope", required=False)),
                code_challenge=_challenge(form),
                expires_at=uow.now() + LIFETIME,
            )
        )
    return {"request_uri": PREFIX + secret, "expires_in": int(LIFETIME.total_seconds())}


def _refuse_other_kinds(form: Form) -> None:
    if "request" in form:
        raise RequestNotSupported
    if "request_uri" in form:
        raise InvalidTokenRequest("A pushed request does not name another (RFC 9126 section 2.1).")
    if field(form, "response_type") != "code":
        raise UnsupportedResponseType
    if field(form, "response_mode", required=False) not in ("", "query"):
        raise InvalidTokenRequest("Only response_mode=query is offered.")


def _redirect(client: Client, given: str) -> str:
    if not any(matches(registered, given) for registered in client.redirect_uris):
        raise InvalidTokenRequest("This redirect_uri is not registered for this app.")
    return given


def _challenge(form: Form) -> str:
    given = field(form, "code_challenge")
    if field(form, "code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given):
        raise InvalidTokenRequest("PKCE is required, with S256 and 43 characters of base64url.")
    return given
