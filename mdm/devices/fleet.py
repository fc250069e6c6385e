"""Finding terminals: one with its unit and holder, or a page of those the actor may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select

from mdm.devices.errors import DeviceNotFound
from mdm.devices.models import ManagedDevice
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, Officer, Unit
from muster.kernel.uow import UnitOfWork

COMPLIANT_TIER = 2


@dataclass(frozen=True)
class Terminal:
    """A managed terminal as pages show it: principal, management row, unit and holder."""

    principal: Device
    managed: ManagedDevice
    unit: Unit
    holder: Officer | None = None

    @property
    def id(self) -> UUID:
        """The terminal's id."""
        return self.principal.id

    @property
    def compliant(self) -> bool:
        """Whether its last verdict lets officers see data; it may have grown stale since."""
        return self.principal.state == "enrolled" and self.principal.tier >= COMPLIANT_TIER

    def target(self, actor: Actor) -> Target:
        """Return the terminal as the guard sees it."""
        return Target(
            "Device",
            str(self.id),
            {
                "state": self.principal.state,
                "held": actor.person is not None and self.managed.holder_id == actor.person.id,
            },
            unit=self.unit.path,
        )


@dataclass(frozen=True)
class FleetQuery:
    """Filters of the list; what is None does not filter. `text` is part of label or serial."""

    unit: str | None = None
    state: str | None = None
    compliant: bool | None = None
    text: str | None = None


_TERMINAL = (
    select(Device, ManagedDevice, Unit, Officer)
    .join(ManagedDevice, ManagedDevice.id == Device.id)
    .join(Unit, Unit.id == Device.unit_id)
    .outerjoin(Officer, Officer.id == ManagedDevice.holder_id)
)


def find(uow: UnitOfWork, device_id: UUID, *, lock: bool = False) -> Terminal:
    """Return one terminal or raise `DeviceNotFound`; nothing is decided here.

    `lock` makes its other writers wait: a terminal that is reported lost must not lose to a
    check-in that happens to run at the same moment.
    """
    statement = _TERMINAL.where(Device.id == device_id)
    if lock:
        statement = statement.with_for_update(of=Device).execution_options(populate_existing=True)
    row = uow.session.execute(statement).first()
    if row is None:
        raise DeviceNotFound
    return Terminal(*row)


def listing(
    uow: UnitOfWork,
    actor: Actor,
    query: FleetQuery | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Terminal]:
    """Return up to `limit + 1` terminals the actor may read, newest enrolment first."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    statement = _filtered(_TERMINAL, query or FleetQuery())
    statement = statement.where(guard.visible(uow, actor, "mdm.device.read", "Device"))
    if after is not None:
        statement = statement.where(Device.id < after)
    rows = uow.session.execute(statement.order_by(Device.id.desc()).limit(limit + 1))
    return [Terminal(*row) for row in rows]


def held_by(uow: UnitOfWork, officer_id: UUID) -> list[Terminal]:
    """Return the terminals in service or lost that were handed to an officer."""
    statement = _TERMINAL.where(
        ManagedDevice.holder_id == officer_id, Device.state.in_(("enrolled", "lost"))
    )
    return [Terminal(*row) for row in uow.session.execute(statement.order_by(Device.id))]


def holdings(uow: UnitOfWork, officer_ids: Collection[UUID]) -> dict[UUID, list[Device]]:
    """Return the terminals in service or lost that each of these officers holds."""
    query = (
        select(ManagedDevice.holder_id, Device)
        .join(Device, Device.id == ManagedDevice.id)
        .where(ManagedDevice.holder_id.in_(officer_ids), Device.state.in_(("enrolled", "lost")))
        .order_by(Device.id)
    )
    held: dict[UUID, list[Device]] = {officer_id: [] for officer_id in officer_ids}
    for officer_id, device in uow.session.execute(query):
        if officer_id is not None:
            held[officer_id].append(device)
    return held


def labels(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the labels of these terminals, to name them beside what was done on them."""
    rows = uow.session.execute(select(Device.id, Device.label).where(Device.id.in_(device_ids)))
    return dict(rows.all())


def _filtered(
    statement: Select[Device, ManagedDevice, Unit, Officer], query: FleetQuery
) -> Select[Device, ManagedDevice, Unit, Officer]:
    if query.unit:
        statement = statement.where(Unit.path.contains(f"/{query.unit}/", autoescape=True))
    if query.state:
        statement = statement.where(Device.state == query.state)
    if query.compliant is not None:
        good = (Device.state == "enrolled") & (Device.tier >= COMPLIANT_TIER)
        statement = statement.where(good if query.compliant else ~good)
    if query.text:
        statement = statement.where(
            or_(
                Device.label.icontains(query.text, autoescape=True),
                ManagedDevice.serial.icontains(query.text, autoescape=True),
            )
        )
    return statement
