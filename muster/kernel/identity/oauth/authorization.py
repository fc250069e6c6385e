"""An officer signs in for an app, whatever proves who they are; the app gets a code.

`opened` turns the app's request into a handle for the page, `pending` says what it is about. Any
way of signing in then ends with `complete`: begin an attempt with the handle's client and key
(`attempts.begin` or `begin_for`), check the proof, and send the officer to the address returned.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, select, update

from muster.kernel.identity import attempts, clients
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.errors import InvalidGrant
from muster.kernel.identity.models import Client, Device
from muster.kernel.identity.oauth.errors import InvalidRequestUri
from muster.kernel.identity.oauth.models import Authorization
from muster.kernel.identity.oauth.par import PREFIX
from muster.kernel.identity.oauth.redirects import with_answer
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.identity.sign_in import in_service
from muster.kernel.ids import token
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

HANDLE_LIFETIME: Final = timedelta(minutes=5)
CODE_LIFETIME: Final = timedelta(seconds=60)
_ABOUT: Any = (
    select(
        Authorization.jkt,
        Authorization.scope,
        Authorization.redirect_uri,
        Authorization.state,
        Client.name.label("client"),
        Client.sandbox_unit_id,
        Device.label.label("terminal"),
    )
    .join(Client, Client.id == Authorization.client_id)
    .join(Device, Device.jkt == Authorization.jkt)
)


@dataclass(frozen=True)
class Pending:
    """An authorization that waits for an officer: for which app, on which terminal, what for."""

    client: str
    terminal: str
    jkt: str
    scope: tuple[str, ...]
    redirect_uri: str
    sandbox: bool


def opened(uow: UnitOfWork, client_name: str, request_uri: str) -> str:
    """Use a pushed request up and return the handle under which its page goes on.

    Raises `InvalidRequestUri` for one that is unknown, expired, used, or another app's.
    """
    handle = token()
    mine = select(Client.id).where(Client.name == client_name)
    found = uow.session.scalar(
        update(Authorization)
        .where(
            Authorization.request_hash == secret_hash(request_uri.removeprefix(PREFIX)),
            Authorization.client_id.in_(mine),
            Authorization.handle_hash.is_(None),
            Authorization.expires_at > uow.now(),
        )
        .values(handle_hash=secret_hash(handle), expires_at=uow.now() + HANDLE_LIFETIME)
        .returning(Authorization.id)
        .execution_options(synchronize_session=False)
    )
    if found is None or not request_uri.startswith(PREFIX):
        raise InvalidRequestUri
    return handle


def pending(kernel: "Kernel", handle: str) -> Pending:
    """Return what a handle is about; raises `InvalidRequestUri` once it is over."""
    with kernel.reads() as uow:
        row = _waiting(uow, handle)
    return Pending(
        client=row.client,
        terminal=row.terminal,
        jkt=row.jkt,
        scope=tuple(row.scope),
        redirect_uri=row.redirect_uri,
        sandbox=row.sandbox_unit_id is not None,
    )


def complete(kernel: "Kernel", handle: str, attempt: Attempt, proof: Proof) -> str:
    """Give the app a code for the attempt's officer; return the address to send the browser to.

    The session is opened when the terminal redeems the code, within a minute. Raises
    `InvalidRequestUri`, `ClientBlocked`, `SandboxOnly`, and `InvalidGrant` for an officer not in
    service.
    """
    officer = in_service(kernel, attempt)
    code = token()
    with kernel.writes() as uow:
        row = _waiting(uow, handle)
        if attempt.client != row.client or not attempt.device or attempt.device.jkt != row.jkt:
            raise InvalidGrant
        clients.check_sandbox(clients.field(uow, row.client), officer)
        _settle(
            uow,
            handle,
            code_hash=secret_hash(code),
            expires_at=uow.now() + CODE_LIFETIME,
            officer_id=officer.id,
            officer_epoch=officer.epoch,
            amr=list(proof.amr),
            aal=proof.aal,
        )
        entry = attempts.entry_of(attempt, "done", uow.now())
        entry.action, entry.result = "identity.authorize", {"amr": list(proof.amr)}
        uow.record(entry)
    return _answer(kernel, row, code=code)


def decline(kernel: "Kernel", handle: str) -> str:
    """The officer does not want to; return the address that tells the app (RFC 6749 §4.1.2.1)."""
    with kernel.writes() as uow:
        row = _waiting(uow, handle)
        _settle(uow, handle, ended=True)
    return _answer(kernel, row, error="access_denied")


def _waiting(uow: UnitOfWork, handle: str) -> Row[Any]:
    row = uow.session.execute(
        _ABOUT.where(
            Authorization.handle_hash == secret_hash(handle),
            Authorization.code_hash.is_(None),
            Authorization.ended.is_(False),
            Authorization.expires_at > uow.now(),
        )
    ).first()
    if row is None:
        raise InvalidRequestUri
    return row


def _settle(uow: UnitOfWork, handle: str, **values: object) -> None:
    """Answer an authorization once; whoever comes second finds it over."""
    settled = uow.session.scalar(
        update(Authorization)
        .where(
            Authorization.handle_hash == secret_hash(handle),
            Authorization.code_hash.is_(None),
            Authorization.ended.is_(False),
        )
        .values(**values)
        .returning(Authorization.id)
        .execution_options(synchronize_session=False)
    )
    if settled is None:
        raise InvalidRequestUri


def _answer(kernel: "Kernel", row: Row[Any], **answer: str) -> str:
    """Name ourselves in every answer, so that no app mixes servers up (RFC 9207)."""
    origin = kernel.settings.origin
    return with_answer(row.redirect_uri, **answer, state=row.state, iss=origin)
