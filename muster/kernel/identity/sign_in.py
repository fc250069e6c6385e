"""Sign-in, on a terminal and at the console.

Whatever proved who somebody is (a PIN, a password, a passkey, a certificate, the force's own
provider), they enter through `admit_on_terminal` or `admit_to_console`: one place decides who is
let in, opens the session and records it.

These take the kernel, not a unit of work: argon2 runs between two short transactions, and what a
refusal must leave behind is committed before it is raised.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.identity import attempts, clients
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.credentials import normalised
from muster.kernel.identity.devices import out_of_service
from muster.kernel.identity.errors import (
    ClientBlocked,
    ConsoleClosed,
    DeviceBlocked,
    InvalidGrant,
)
from muster.kernel.identity.models import Client, Device, Officer, RoleGrant, Session
from muster.kernel.identity.ports import not_theirs
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.roles import ADMINISTRATIVE
from muster.kernel.identity.secrets import CONSOLE_PREFIX, secret_hash
from muster.kernel.identity.token_pair import TokenPair, hand_out
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LONGEST = timedelta(hours=12)
"""Absolute end of any session (AC-2(5), SP 800-63B AAL3)."""


def sign_in_on_terminal(
    kernel: "Kernel",
    proof_jwk: dict[str, Any],
    number: str,
    pin: str,
    client_name: str,
    origin: Origin,
    scope: str = "",
) -> TokenPair:
    """Open a session for an officer on the terminal that made the proof.

    `scope` is what the app wants of what it was granted, everything by default. Raises
    `DeviceUnknown`, `DeviceBlocked`, `InvalidClient`, `ClientBlocked`, `InvalidScope`, `LockedOut`,
    `Busy`, and `InvalidGrant` alike for an unknown number, a wrong PIN and an officer not in service.
    """
    with kernel.reads() as uow:
        wanted = clients.scope_of(clients.field(uow, client_name), scope)
    jkt = thumbprint(proof_jwk)
    attempt = attempts.begin(kernel, "terminal", number, client_name, origin, jkt)
    check_secret(kernel, attempt, pin)
    return admit_on_terminal(kernel, attempt, jkt, Proof(("pin", "hwk"), aal=2), scope=wanted)


def check_secret(kernel: "Kernel", attempt: Attempt, secret: str) -> None:
    """Refuse unless the secret is the officer's; argon2 runs while no transaction is open."""
    if not kernel.secrets.verify(attempt.hash, normalised(secret)):
        attempts.fail(
            kernel, attempt, "unknown_number" if attempt.officer is None else "wrong_secret"
        )


def admit_on_terminal(
    kernel: "Kernel",
    attempt: Attempt,
    jkt: str,
    proof: Proof,
    *,
    scope: Sequence[str] | None = None,
    together: Callable[[UnitOfWork, Session], None] | None = None,
) -> TokenPair:
    """Open a field session for the attempt's officer on the terminal that holds the key `jkt`.

    `scope` is what its app may do, by default all it was granted. `together` runs in the same
    transaction, before anything is handed out: what it raises opens no session.
    """
    officer = in_service(kernel, attempt)
    _refuse_stranger(kernel, attempt, officer, jkt)
    with kernel.writes() as uow:
        client = clients.field(uow, attempt.client)
        session = _open(uow, attempt, officer, client, "field", proof)
        session.scope = list(client.scopes if scope is None else scope)
        device = _device_now(uow, jkt)
        session.device_id, session.device_epoch, session.jkt = device.id, device.epoch, jkt
        if together is not None:
            uow.session.flush()
            together(uow, session)
        return hand_out(uow, session, client)


def admit_to_console(kernel: "Kernel", attempt: Attempt, proof: Proof) -> tuple[str, Session]:
    """Open a console session for the attempt's officer; return its secret and its row."""
    officer = in_service(kernel, attempt)
    with kernel.reads() as uow:
        held = {grant.role for grant in _grants(uow, officer.id)}
    if not held & ADMINISTRATIVE:
        attempts.refuse(kernel, attempt, ConsoleClosed(), reason="no_administrative_role")
    secret = CONSOLE_PREFIX + token()
    with kernel.writes() as uow:
        client = clients.console(uow)
        if client.state != "active":
            raise ClientBlocked
        session = _open(uow, attempt, officer, client, "console", proof)
        session.secret_hash = secret_hash(secret)
    return secret, session


def in_service(kernel: "Kernel", attempt: Attempt) -> Officer:
    """Return the attempt's officer; whoever is unknown or not in service fails alike."""
    officer = attempt.officer
    if officer is None:
        attempts.fail(kernel, attempt, "unknown_number")
    if officer.state != "active":
        attempts.fail(kernel, attempt, f"officer_{officer.state}")
    if officer.ends_at is not None and officer.ends_at <= kernel.clock():
        attempts.fail(kernel, attempt, "account_ended")
    with kernel.reads() as uow:
        in_force = bool(_grants(uow, officer.id))
    if not in_force:
        attempts.fail(kernel, attempt, "no_role_in_force")
    return officer


def _grants(uow: UnitOfWork, officer_id: UUID) -> list[RoleGrant]:
    now = uow.now()
    held = uow.session.scalars(select(RoleGrant).where(RoleGrant.officer_id == officer_id))
    return [
        grant
        for grant in held
        if (grant.valid_from is None or grant.valid_from <= now)
        and (grant.valid_until is None or now < grant.valid_until)
    ]


def _refuse_stranger(kernel: "Kernel", attempt: Attempt, officer: Officer, jkt: str) -> None:
    """Refuse an officer whom this very terminal is not for."""
    with kernel.reads() as uow:
        refused = not_theirs(uow, _device_now(uow, jkt).id, officer.id)
    if refused is not None:
        attempts.refuse(kernel, attempt, refused, reason=refused.code)


def _device_now(uow: UnitOfWork, jkt: str) -> Device:
    """Return the terminal as it is now: it may have been lost while argon2 ran."""
    device = uow.session.scalar(select(Device).where(Device.jkt == jkt))
    if device is None or out_of_service(uow, device):
        raise DeviceBlocked
    return device


def _open(
    uow: UnitOfWork, attempt: Attempt, found: Officer, client: Client, kind: str, proof: Proof
) -> Session:
    session_id = uuid7()
    attempts.succeed(uow, attempt, session_id)
    officer = uow.session.get_one(Officer, found.id)
    if officer.epoch != found.epoch or officer.state != "active":
        raise InvalidGrant
    clients.check_sandbox(client, officer)
    now = uow.now()
    seen = update(Officer).where(Officer.id == officer.id).values(last_sign_in_at=now)
    uow.session.execute(seen)  # not a change by people: the version stays
    session = Session(
        id=session_id,
        kind=kind,
        officer_id=officer.id,
        client_id=client.id,
        officer_epoch=officer.epoch,
        client_epoch=client.epoch,
        aal=proof.aal,
        amr=list(proof.amr),
        opened_at=now,
        auth_at=min(proof.at or now, now),
        seen_at=now,
        expires_at=end_of(uow, officer, now + LONGEST, shift=kind == "field"),
        must_change=attempt.must_change and bool({"pin", "pwd"} & set(proof.amr)),
    )
    uow.session.add(session)
    return session


def end_of(uow: UnitOfWork, officer: Officer, latest: datetime, *, shift: bool) -> datetime:
    """Return the latest end, or sooner that of the account, of the last role, or of the `shift`.

    A shift that is over bounds nothing: there is no roster for who works now.
    """
    ends = [officer.ends_at or latest]
    if shift and officer.duty_until is not None and officer.duty_until > uow.now():
        ends.append(officer.duty_until)
    held = _grants(uow, officer.id)
    ends.append(max((grant.valid_until or latest for grant in held), default=latest))
    return min(latest, *ends)
