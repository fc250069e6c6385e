"""A code for a session: by the app, the terminal and the verifier it was made for, and once.

A code shown twice has leaked: the session that it opened ends (RFC 6749 §4.1.2).
"""

import base64
import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from muster.kernel.identity import attempts, ending, sign_in
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.errors import InvalidGrant
from muster.kernel.identity.models import Client, Officer, Session
from muster.kernel.identity.oauth.answers import Form, field
from muster.kernel.identity.oauth.models import Authorization
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.identity.token_pair import TokenPair
from muster.kernel.uow import UnitOfWork
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

KEPT = timedelta(days=1)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CODE: Any = (
    select(
        Authorization.id,
        Authorization.jkt,
        Authorization.scope,
        Authorization.redirect_uri,
        Authorization.code_challenge,
        Authorization.expires_at,
        Authorization.ended,
        Authorization.amr,
        Authorization.aal,
        Authorization.session_id,
        Authorization.officer_id,
        Authorization.officer_epoch,
        Officer.epoch.label("epoch_now"),
        Client.name.label("client"),
    )
    .join(Client, Client.id == Authorization.client_id)
    .join(Officer, Officer.id == Authorization.officer_id)
)


def redeem(kernel: "Kernel", form: Form, jwk: dict[str, Any], origin: Origin) -> TokenPair:
    """Open the session a code stands for; raises `InvalidGrant` for whatever does not fit."""
    jkt, client = thumbprint(jwk), field(form, "client_id")
    code, verifier = field(form, "code"), field(form, "code_verifier")
    redirect = field(form, "redirect_uri", longest=500)
    with kernel.reads() as uow:
        row = uow.session.execute(_CODE.where(Authorization.code_hash == secret_hash(code))).first()
    if row is None:
        raise InvalidGrant("This code is not known.")
    if row.session_id is not None:
        raise _leaked(kernel, row.id)
    if (row.client, row.jkt) != (client, jkt):
        raise InvalidGrant("This code is for another app or terminal.")
    if row.ended or kernel.clock() >= row.expires_at or row.epoch_now != row.officer_epoch:
        raise InvalidGrant("This code is no longer valid. Sign in again.")
    if row.redirect_uri != redirect or not _proves(verifier, row.code_challenge):
        _void(kernel, row.id)
        raise InvalidGrant("The verifier or the redirect_uri is not the one of the request.")
    return _admit(kernel, row, origin)


def sweep(uow: UnitOfWork) -> None:
    """Forget authorizations that ended a day ago; until then a leaked code is recognised."""
    uow.session.execute(
        delete(Authorization)
        .where(Authorization.expires_at < uow.now() - KEPT)
        .execution_options(synchronize_session=False)
    )


def _admit(kernel: "Kernel", row: Row[Any], origin: Origin) -> TokenPair:
    attempt = attempts.begin_for(kernel, "terminal", row.officer_id, row.client, origin, row.jkt)

    def use_up(uow: UnitOfWork, session: Session) -> None:
        used = uow.session.scalar(
            update(Authorization)
            .where(Authorization.id == row.id, Authorization.session_id.is_(None))
            .where(Authorization.ended.is_(False))
            .values(session_id=session.id)
            .returning(Authorization.id)
            .execution_options(synchronize_session=False)
        )
        if used is None:
            raise _UsedMeanwhile

    proof = Proof(tuple(row.amr), row.aal)
    try:
        return sign_in.admit_on_terminal(
            kernel, attempt, row.jkt, proof, scope=row.scope, together=use_up
        )
    except _UsedMeanwhile:
        raise _leaked(kernel, row.id) from None


def _leaked(kernel: "Kernel", authorization_id: UUID) -> InvalidGrant:
    with kernel.writes() as uow:
        found = uow.session.get_one(Authorization, authorization_id)
        if found.session_id is not None and ending.end(uow, found.session_id):
            owner = ending.owner(uow, found.session_id)
            if owner is not None:
                ending.note(uow, "identity.session.revoke", "done", owner, "code_reused")
    return InvalidGrant("This code was used before; its session has ended.")


def _void(kernel: "Kernel", authorization_id: UUID) -> None:
    with kernel.writes() as uow:
        uow.session.get_one(Authorization, authorization_id).ended = True


def _proves(verifier: str, challenge: str) -> bool:
    """RFC 7636 §4.6 for S256."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


class _UsedMeanwhile(Exception):
    """Somebody else redeemed the same code between our look and our commit."""
