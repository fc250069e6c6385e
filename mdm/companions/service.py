"""A terminal asks for a code for a wearable; people see which wearables stand on a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update

from mdm.companions.errors import CompanionOfCompanion, TooManyCompanions
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from mdm.devices.models import ManagedDevice
from mdm.enrolment.door import hashed
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.qr import Code, native
from mdm.enrolment.tokens import PREFIX
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, DeviceUnknown, devices
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

LASTS: Final = timedelta(minutes=10)
MOST: Final = 8
_IN_USE: Final = ("enrolled", "lost")


@dataclass(frozen=True)
class Invitation:
    """A code for one wearable: what it scans, and until when."""

    content: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True)
class Companion:
    """A wearable as it stands together with its parent."""

    id: UUID
    label: str
    device_class: str
    state: str
    compliant: bool
    last_seen: datetime | None


@dataclass(frozen=True)
class Companions:
    """The wearables of a terminal; or, for a wearable, the terminal that it belongs to.

    `held_back`: officers see nothing on it because of that terminal, whatever its own verdict.
    """

    parent: Device | None
    items: Sequence[Companion]
    held_back: bool = False

    @property
    def parent_id(self) -> UUID | None:
        """The terminal that this one belongs to."""
        return self.parent.id if self.parent else None


def invite(uow: UnitOfWork, actor: Actor, device_class: str) -> Invitation:
    """Give a terminal's agent a code for one wearable; codes it asked for before are void.

    Raises `CompanionOfCompanion`, `TooManyCompanions`.
    """
    if actor.device is None:
        raise DeviceUnknown
    uow.kernel.limits.hit("mdm.companion", str(actor.device.id), limit=10, per_seconds=600)
    parent = fleet.find(uow, actor.device.id, lock=True)
    target = Target(
        "Device",
        str(parent.id),
        {"state": actor.device.state, "held": False},
        unit=parent.unit.path,
    )
    decision = guard.require(uow, actor, "mdm.agent.companion", target)
    _refuse_chains_and_crowds(uow, parent.principal)
    _void_open_codes(uow, parent.id)
    secret = PREFIX + token()
    row = EnrolToken(
        id=uuid7(),
        token_hash=hashed(secret),
        kind="single",
        uses_left=1,
        expires_at=uow.now() + LASTS,
        unit_id=parent.unit.id,
        device_class=device_class,
        ownership=parent.managed.ownership,
        holder_id=parent.managed.holder_id,
        parent_id=parent.id,
    )
    uow.session.add(row)
    decision.note(token=str(row.id), device_class=device_class)
    pins = [key.kid for key in uow.kernel.keys.verifiers("manifest")]
    return Invitation(native(Code(uow.kernel.settings.origin, secret, pins)), row.expires_at)


def listing(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Companions:
    """Return the wearables in service or lost that stand on a terminal, and its own parent."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    return of(uow, terminal)


def of(uow: UnitOfWork, terminal: Terminal) -> Companions:
    """Return the same of a terminal that the caller has been let read."""
    principal = terminal.principal
    parent = devices.get(uow, principal.parent_id) if principal.parent_id else None
    rows = uow.session.execute(
        select(Device, ManagedDevice)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(Device.parent_id == terminal.id, Device.state.in_(_IN_USE))
        .order_by(Device.id)
    )
    items = [_companion(uow, principal, child, managed) for child, managed in rows]
    held_back = parent is not None and not devices.serves(uow, parent, None)
    return Companions(parent, items, held_back)


def _companion(uow: UnitOfWork, parent: Device, child: Device, managed: ManagedDevice) -> Companion:
    return Companion(
        id=child.id,
        label=child.label,
        device_class=managed.device_class,
        state=child.state,
        compliant=devices.serves(uow, child, parent),
        last_seen=managed.last_seen,
    )


def _refuse_chains_and_crowds(uow: UnitOfWork, parent: Device) -> None:
    if parent.parent_id is not None:
        raise CompanionOfCompanion
    mine = select(func.count()).where(Device.parent_id == parent.id, Device.state.in_(_IN_USE))
    if (uow.session.scalar(mine) or 0) >= MOST:
        raise TooManyCompanions


def _void_open_codes(uow: UnitOfWork, parent_id: UUID) -> None:
    uow.session.execute(
        update(EnrolToken)
        .where(
            EnrolToken.parent_id == parent_id,
            EnrolToken.uses_left > 0,
            EnrolToken.revoked_at.is_(None),
        )
        .values(revoked_at=uow.now())
        .execution_options(synchronize_session=False)
    )
