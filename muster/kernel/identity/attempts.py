"""One attempt to sign in: what is known before the secret is checked, and how a failure ends.

An unknown number takes the same way as a known one: it is counted and locked too, its secret is
verified against nobody's hash, and its refusal says the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NoReturn
from uuid import UUID

from sqlalchemy import select

from muster.kernel.audit.entry import Entry
from muster.kernel.errors import DomainError
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.errors import DeviceBlocked, DeviceUnknown, InvalidGrant
from muster.kernel.identity.models import Credential, Device, Officer
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.limits import LockedOut

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

Door = Literal["terminal", "console"]
_KIND = {"terminal": "pin", "console": "password"}


@dataclass(frozen=True)
class Attempt:
    """An attempt at a door. `subjects` are what five failures lock."""

    door: Door
    client: str
    origin: Origin
    subjects: tuple[str, ...]
    officer: Officer | None
    hash: str | None
    device: Device | None = None


def begin(
    kernel: "Kernel",
    door: Door,
    number: str,
    client: str,
    origin: Origin,
    jkt: str | None = None,
) -> Attempt:
    """Look up who might be signing in, and where.

    Raises `DeviceUnknown`, `DeviceBlocked` or `LockedOut`; no transaction is open afterwards.
    """
    with kernel.reads() as uow:
        device = uow.session.scalar(select(Device).where(Device.jkt == jkt)) if jkt else None
        if jkt and device is None:
            raise DeviceUnknown
        officer, hashed = _account(uow, number, _KIND[door])
        attempt = Attempt(
            door, client, origin, _subjects(door, number, officer, device), officer, hashed, device
        )
        refused = _barred(uow, attempt)
    if refused is not None:
        refuse(kernel, attempt, refused, reason=refused.code)
    return attempt


def fail(kernel: "Kernel", attempt: Attempt, reason: str) -> NoReturn:
    """Count a failure against every subject, record it, and refuse without saying why."""
    refuse(kernel, attempt, InvalidGrant(), reason=reason, counted=True)


def refuse(
    kernel: "Kernel", attempt: Attempt, error: DomainError, *, reason: str, counted: bool = False
) -> NoReturn:
    """Record a refusal in a transaction of its own, then raise it."""
    with kernel.writes() as uow:
        locked = [
            subject
            for subject in (attempt.subjects if counted else ())
            if kernel.limits.lockouts.fail(uow, subject)
        ]
        entry = uow.record(entry_of(attempt, "denied", uow.now()))
        entry.reason = reason
        if locked:
            entry.result["locked"] = locked
    raise error


def succeed(uow: "UnitOfWork", attempt: Attempt, session_id: UUID) -> None:
    """Forget earlier failures and record the sign-in; raise `LockedOut` if locked meanwhile."""
    entry = uow.record(entry_of(attempt, "done", uow.now()))
    entry.session_id = session_id
    lockouts = uow.kernel.limits.lockouts
    for subject in attempt.subjects:
        lockouts.check(uow, subject)
        lockouts.succeed(uow, subject)


def entry_of(attempt: Attempt, outcome: Literal["done", "denied"], at: datetime) -> Entry:
    """Return the audit entry of an attempt; an unknown number is not written down.

    People type passwords into the wrong field.
    """
    officer, device = attempt.officer, attempt.device
    return Entry(
        action="identity.sign_in",
        outcome=outcome,
        actor_kind="officer" if officer else "nobody",
        actor_id=officer.id if officer else None,
        actor_label=officer.number if officer else "",
        sworn=officer.sworn if officer else None,
        unit_id=officer.unit_id if officer else None,
        device_id=device.id if device else None,
        client=attempt.client,
        zone=attempt.origin.zone,
        source=attempt.origin.address,
        request_id=attempt.origin.request_id,
        result={"door": attempt.door},
        at=at,
    )


def _account(uow: "UnitOfWork", number: str, kind: str) -> tuple[Officer | None, str | None]:
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    key = (officer.id if officer else UUID(int=0), kind)  # ask all the same: equal time
    credential = uow.session.get(Credential, key)
    return officer, credential.hash if credential else None


def _subjects(
    door: Door, number: str, officer: Officer | None, device: Device | None
) -> tuple[str, ...]:
    """A lock at the console leaves the terminal open: guessing from afar must not disarm a patrol."""
    name = "officer" if door == "terminal" else "console"
    who = str(officer.id) if officer else f"unknown-{secret_hash(number)[:32]}"
    return (f"{name}:{who}", *([f"device:{device.id}"] if device else []))


def _barred(uow: "UnitOfWork", attempt: Attempt) -> DomainError | None:
    if attempt.device is not None and attempt.device.state != "enrolled":
        return DeviceBlocked(f"This terminal is {attempt.device.state}. Ask the duty desk.")
    try:
        for subject in attempt.subjects:
            uow.kernel.limits.lockouts.check(uow, subject)
    except LockedOut as locked:
        return locked
    return None
