"""What people say of one terminal for rules to name: its ring, its attributes, whose it is."""

from typing import Any
from uuid import UUID

from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from mdm.groups.settling import settle_and_compile
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def edit(
    uow: UnitOfWork, actor: Actor, device_id: UUID, version: int, changes: dict[str, Any]
) -> Terminal:
    """Change `ring`, `attributes` (as a whole) or `ownership`; groups by rule follow at once.

    `version` is the one that was read. Raises `DeviceNotFound`, `StaleVersion`.
    """
    terminal = fleet.find(uow, device_id)
    decision = guard.require(uow, actor, "mdm.device.edit", terminal.target(actor))
    if terminal.managed.version != version:
        raise StaleVersion
    for name, value in changes.items():
        setattr(terminal.managed, name, value)
    uow.session.flush()
    settle_and_compile(uow, device_id)
    decision.note(**changes)
    return fleet.find(uow, device_id)
