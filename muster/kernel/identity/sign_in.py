"""Sign-in, on a terminal and at the console.

These take the kernel, not a unit of work: argon2 runs between two short transactions, and what a
refusal must leave behind is committed before it is raised.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel.identity import attempts, clients
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.credentials import normalised
from muster.kernel.identity.errors import (
    ClientBlocked,
    ConsoleClosed,
    DeviceBlocked,
    InvalidClient,
    InvalidGrant,
)
from muster.kernel.identity.models import Client, Device, Officer, RoleGrant, Session
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
) -> TokenPair:
    """Open a session for an officer on the terminal that made the proof.

    Raises `DeviceUnknown`, `DeviceBlocked`, `InvalidClient`, `ClientBlocked`, `LockedOut`, `Busy`,
    and `InvalidGrant` alike for an unknown number, a wrong PIN and an officer not in service.
    """
    with kernel.reads() as uow:
        _field_client(uow, client_name)
    jkt = thumbprint(proof_jwk)
    attempt = attempts.begin(kernel, "terminal", number, client_name, origin, jkt)
    officer = _proven(kernel, attempt, pin)
    with kernel.writes() as uow:
        client = _field_client(uow, client_name)
        session = _open(uow, attempt, officer, client, "field", aal=2)
        device = _device_now(uow, jkt)
        session.device_id, session.device_epoch, session.jkt = device.id, device.epoch, jkt
        return hand_out(uow, session, client)


def sign_in_to_console(
    kernel: "Kernel", number: str, password: str, origin: Origin
) -> tuple[str, Session]:
    """Open a console session; return its secret (shown once) and its row.

    Raises `InvalidGrant`, `LockedOut`, `Busy`, and `ConsoleClosed` for somebody who is who they say
    but holds no administrative role.
    """
    attempt = attempts.begin(kernel, "console", number, clients.CONSOLE, origin)
    officer = _proven(kernel, attempt, password)
    with kernel.reads() as uow:
        held = {grant.role for grant in _grants(uow, officer.id)}
    if not held & ADMINISTRATIVE:
        attempts.refuse(kernel, attempt, ConsoleClosed(), reason="no_administrative_role")
    secret = CONSOLE_PREFIX + token()
    with kernel.writes() as uow:
        client = clients.console(uow)
        if client.state != "active":
            raise ClientBlocked
        session = _open(uow, attempt, officer, client, "console", aal=1)
        session.secret_hash = secret_hash(secret)
    return secret, session


def _proven(kernel: "Kernel", attempt: Attempt, secret: str) -> Officer:
    """Return the officer if the secret is theirs and they are in service; no transaction is open."""
    if not kernel.secrets.verify(attempt.hash, normalised(secret)):
        attempts.fail(
            kernel, attempt, "unknown_number" if attempt.officer is None else "wrong_secret"
        )
    officer = attempt.officer
    assert officer is not None
    if officer.state != "active":
        attempts.fail(kernel, attempt, f"officer_{officer.state}")
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


def _field_client(uow: UnitOfWork, name: str) -> Client:
    client = clients.by_name(uow, name)
    if client is None or client.kind != "field":
        raise InvalidClient
    if client.state != "active":
        raise ClientBlocked
    return client


def _device_now(uow: UnitOfWork, jkt: str) -> Device:
    """Return the terminal as it is now: it may have been lost while argon2 ran."""
    device = uow.session.scalar(select(Device).where(Device.jkt == jkt))
    if device is None or device.state != "enrolled":
        raise DeviceBlocked
    return device


def _open(
    uow: UnitOfWork, attempt: Attempt, found: Officer, client: Client, kind: str, *, aal: int
) -> Session:
    session_id = uuid7()
    attempts.succeed(uow, attempt, session_id)
    officer = uow.session.get_one(Officer, found.id)
    if officer.epoch != found.epoch or officer.state != "active":
        raise InvalidGrant
    now = uow.now()
    session = Session(
        id=session_id,
        kind=kind,
        officer_id=officer.id,
        client_id=client.id,
        officer_epoch=officer.epoch,
        client_epoch=client.epoch,
        aal=aal,
        auth_at=now,
        seen_at=now,
        expires_at=_end_of(_grants(uow, officer.id), now),
    )
    uow.session.add(session)
    return session


def _end_of(grants: list[RoleGrant], now: datetime) -> datetime:
    """Return 12 hours from now, or the moment the last role runs out if that comes first."""
    latest = now + LONGEST
    return min(latest, max((grant.valid_until or latest for grant in grants), default=latest))
