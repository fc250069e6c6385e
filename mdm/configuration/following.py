"""How far the terminals follow a layer: desired against applied, and who lags behind.

A terminal follows when it has echoed the hash it is to have; nothing else counts as done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from mdm.configuration import revisions, scopes
from mdm.configuration.models import Configuration
from mdm.configuration.service import LIST
from mdm.devices.fleet import Terminal
from mdm.devices.models import ManagedDevice
from muster.kernel import guard
from muster.kernel.identity import Actor, Device, Officer, Unit
from muster.kernel.uow import UnitOfWork

MOST: Final = 20_000


@dataclass(frozen=True)
class Lag:
    """Of the terminals a layer speaks to: how many echo what they are to be. Counted to `MOST`."""

    concerned: int
    lagging: int

    @property
    def applied(self) -> int:
        """The terminals that follow."""
        return self.concerned - self.lagging


def lag(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> Lag:
    """Count the terminals a layer speaks to, and those among them that lag."""
    guard.require(uow, actor, LIST, guard.FORCE)
    row = revisions.find(uow, configuration_id)
    some = _terminals(uow, row).limit(MOST).subquery()
    counted = select(
        func.count(), func.count().filter(some.c.applied_hash != some.c.desired_hash)
    ).select_from(some)
    concerned, lagging = uow.session.execute(counted).one()
    return Lag(concerned, lagging)


def laggards(
    uow: UnitOfWork,
    actor: Actor,
    configuration_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Terminal]:
    """Return up to `limit + 1` terminals that lag and that the actor may read, by id."""
    guard.require(uow, actor, LIST, guard.FORCE)
    row = revisions.find(uow, configuration_id)
    query = (
        select(Device, ManagedDevice, Unit, Officer)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(Unit, Unit.id == Device.unit_id)
        .outerjoin(Officer, Officer.id == ManagedDevice.holder_id)
        .where(
            Device.id.in_(scopes.concerned(uow, row.scope_kind, row.scope_id).order_by(None)),
            ManagedDevice.applied_hash != ManagedDevice.desired_hash,
            guard.visible(uow, actor, "mdm.device.read", "Device"),
        )
        .order_by(Device.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(Device.id > after)
    return [Terminal(*found) for found in uow.session.execute(query)]


def _terminals(uow: UnitOfWork, row: Configuration) -> Select[str, str]:
    ids = scopes.concerned(uow, row.scope_kind, row.scope_id).order_by(None)
    return select(ManagedDevice.applied_hash, ManagedDevice.desired_hash).where(
        ManagedDevice.id.in_(ids)
    )
