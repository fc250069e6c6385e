"""Finding terminals: one with its unit and holder, those of an officer, names of some."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from mdm.devices.errors import DeviceNotFound
from mdm.devices.models import ManagedDevice
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


TERMINAL = (
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
    statement = TERMINAL.where(Device.id == device_id)
    if lock:
        statement = statement.with_for_update(of=Device).execution_options(populate_existing=True)
    row = uow.session.execute(statement).first()
    if row is None:
        raise DeviceNotFound
    return Terminal(*row)


def held_by(uow: UnitOfWork, officer_id: UUID) -> list[Terminal]:
    """Return the terminals in service or lost that were handed to an officer."""
    statement = TERMINAL.where(
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
