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
from muster.kernel.identity.devices import out_of_service
from muster.kernel.identity.errors import DeviceBlocked, DeviceUnknown, InvalidGrant
from muster.kernel.identity.models import Credential, Device, Officer
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.limits import LockedOut

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

Door = Literal["terminal", "console", "counter"]
_KIND = {"terminal": "pin", "console": "password", "counter": "pin"}
_LOCKED = {"terminal": "officer", "console": "console", "counter": "counter"}


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
    action: str = "identity.sign_in"
    must_change: bool = False


def begin(
    kernel: "Kernel",
    door: Door,
    number: str,
    client: str,
    origin: Origin,
    jkt: str | None = None,
    *,
    action: str = "identity.sign_in",
) -> Attempt:
    """Look up who might be signing in, and where; `action` is what the log will call it.

    Raises `DeviceUnknown`, `DeviceBlocked` or `LockedOut`; no transaction is open afterwards.
    """
    with kernel.reads() as uow:
        device = uow.session.scalar(select(Device).where(Device.jkt == jkt)) if jkt else None
        if jkt and device is None:
            raise DeviceUnknown
        officer, credential = _account(uow, number, _KIND[door])
        attempt = Attempt(
            door,
            client,
            origin,
            _subjects(door, number, officer, device),
            officer,
            credential.hash if credential else None,
            device,
            action,
            must_change=credential is not None and credential.must_change,
        )
        refused = _barred(uow, attempt)
    if refused is not None:
        refuse(kernel, attempt, refused, reason=refused.code)
    return attempt


def begin_for(
    kernel: "Kernel",
    door: Door,
    officer_id: UUID,
    client: str,
    origin: Origin,
    jkt: str | None = None,
    *,
    action: str = "identity.sign_in",
) -> Attempt:
    """Begin for somebody who has proved who they are by something other than a typed secret.

    Locks hold for them too. Raises as `begin` does, and `InvalidGrant` for an unknown officer.
    """
    with kernel.reads() as uow:
        number = uow.session.scalar(select(Officer.number).where(Officer.id == officer_id))
    if number is None:
        raise InvalidGrant
    return begin(kernel, door, number, client, origin, jkt, action=action)


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
        action=attempt.action,
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


def _account(uow: "UnitOfWork", number: str, kind: str) -> tuple[Officer | None, Credential | None]:
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    key = (officer.id if officer else UUID(int=0), kind)  # ask all the same: equal time
    credential = uow.session.get(Credential, key)
    if credential is not None and credential.expires_at and credential.expires_at <= uow.now():
        credential = None  # a secret for one use that nobody used in time opens nothing
    return officer, credential


def _subjects(
    door: Door, number: str, officer: Officer | None, device: Device | None
) -> tuple[str, ...]:
    """Each door locks by itself: guessing at a console or a counter must not disarm a patrol."""
    name = _LOCKED[door]
    who = str(officer.id) if officer else f"unknown-{secret_hash(number)[:32]}"
    return (f"{name}:{who}", *([f"device:{device.id}"] if device else []))


def _barred(uow: "UnitOfWork", attempt: Attempt) -> DomainError | None:
    gone = out_of_service(uow, attempt.device) if attempt.device is not None else ""
    if gone:
        return DeviceBlocked(f"{gone} Ask the duty desk.")
    try:
        for subject in attempt.subjects:
            uow.kernel.limits.lockouts.check(uow, subject)
    except LockedOut as locked:
        return locked
    return None
