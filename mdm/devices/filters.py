"""What the list of terminals can be narrowed by, as conditions on their rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from mdm.devices.fleet import COMPLIANT_TIER
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device, Unit
from muster.kernel.uow import UnitOfWork

SEARCHED: Final = (Device.label, ManagedDevice.serial, ManagedDevice.imei)
LAGGING: Final = ManagedDevice.applied_hash != ManagedDevice.desired_hash
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class FleetQuery:
    """Filters of the list; what is None does not filter.

    `unit` is a code and all below it, `group` a name, `text` the beginning of label, serial or
    IMEI; `silent_since` finds terminals whose last report is older.
    """

    unit: str | None = None
    state: str | None = None
    compliant: bool | None = None
    text: str | None = None
    device_class: str | None = None
    agent: str | None = None
    group: str | None = None
    ring: str | None = None
    model: str | None = None
    os: str | None = None
    lagging: bool | None = None
    silent_since: datetime | None = None


EQUAL: Final[dict[str, Any]] = {
    "state": Device.state,
    "device_class": ManagedDevice.device_class,
    "agent": ManagedDevice.agent,
    "ring": ManagedDevice.ring,
    "model": ManagedDevice.model,
    "os": ManagedDevice.os,
}


def conditions(uow: UnitOfWork, query: FleetQuery) -> Iterator[ColumnElement[bool]]:
    """Yield every condition of the query."""
    for name, column in EQUAL.items():
        value = getattr(query, name)
        if value is not None:
            yield column == value
    if query.unit is not None:
        yield Device.unit_id.in_(units_below(query.unit))
    if query.group is not None:
        yield Device.id.in_(
            select(GroupMember.device_id)
            .join(Group, Group.id == GroupMember.group_id)
            .where(Group.name == query.group)
        )
    if query.compliant is not None:
        good = (Device.state == "enrolled") & (Device.tier >= COMPLIANT_TIER)
        yield good if query.compliant else ~good
    if query.lagging is not None:
        yield LAGGING if query.lagging else ~LAGGING
    if query.silent_since is not None:
        yield ManagedDevice.last_seen < query.silent_since
    if query.text:
        yield or_(*(begins(uow, column, query.text) for column in SEARCHED))


def units_below(code: str) -> Any:
    """Return the ids of a unit and all below it as a query."""
    return select(Unit.id).where(Unit.path.contains(f"/{code}/", autoescape=True))


def begins(uow: UnitOfWork, column: Any, text: str) -> ColumnElement[bool]:
    """Return whether a column begins with a text as typed, in capitals or in small letters.

    A range on SQLite and LIKE on PostgreSQL: what each answers from the column's index.
    """
    spelt: Sequence[str] = sorted({text, text.upper(), text.lower()})
    if uow.kernel.db.is_sqlite:
        return or_(*(and_(column >= one, column < one + _LAST) for one in spelt))
    return or_(*(column.startswith(one, autoescape=True) for one in spelt))
