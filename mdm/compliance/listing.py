"""The terminals that fail a rule, since when, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_

from mdm.compliance import rulebook
from mdm.compliance.judge import Finding, finding
from mdm.compliance.models import Failing
from mdm.devices.models import ManagedDevice
from muster.kernel import guard
from muster.kernel.identity import Actor, Device, Unit
from muster.kernel.uow import UnitOfWork

Key = tuple[UUID, str]


@dataclass(frozen=True)
class Failed:
    """A terminal and one rule that it fails."""

    device_id: UUID
    label: str
    unit: str
    device_class: str
    finding: Finding


def failing_terminals(
    uow: UnitOfWork,
    actor: Actor,
    *,
    rule_id: str | None = None,
    device_class: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> Sequence[Failed]:
    """Return up to `limit + 1` failures of terminals in service the actor may read, newest first."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    query = (
        select(Failing, Device, Unit.name, ManagedDevice.device_class)
        .join(Device, Device.id == Failing.device_id)
        .join(Unit, Unit.id == Device.unit_id)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(guard.visible(uow, actor, "mdm.device.read", "Device"), Device.state == "enrolled")
    )
    if rule_id is not None:
        query = query.where(Failing.rule_id == rule_id)
    if device_class is not None:
        query = query.where(ManagedDevice.device_class == device_class)
    if after is not None:
        query = query.where(tuple_(Failing.device_id, Failing.rule_id) < after)
    query = query.order_by(Failing.device_id.desc(), Failing.rule_id.desc()).limit(limit + 1)
    book = {rule.id: rule for rule in rulebook.in_force(uow)}
    now = uow.now()
    return [
        Failed(device.id, device.label, unit, class_, finding(book[row.rule_id], row.since, now))
        for row, device, unit, class_ in uow.session.execute(query)
        if row.rule_id in book
    ]
