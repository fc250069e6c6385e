"""Where a page of the fleet takes its candidates from: the index that narrows most.

Each filter with an index offers a way: ids in descending order. The way whose first `PROBE` ids
reach furthest back has the fewest between them, so the rest of the page looks there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnClause, ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from mdm.devices.filters import EQUAL, LAGGING, SEARCHED, FleetQuery, begins, units_below
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device, Unit
from muster.kernel.uow import UnitOfWork

PROBE: Final = 200
FEW: Final = 1_000
"""What a text or a silence finds is taken whole up to this many; more is no narrowing."""
MOST_UNITS: Final = 100
PART: Final = 4
"""More than a quarter of all units is no narrowing either."""
_INDEXED: Final = ("state", "device_class", "ring", "model")


@dataclass(frozen=True)
class Way:
    """Candidates from several streams of one index each, or from a list that is known."""

    streams: Sequence[tuple[Any, ColumnElement[bool] | None]] = ()
    known: Sequence[UUID] | None = field(default=None)

    def take(self, uow: UnitOfWork, after: UUID | None, count: int) -> list[UUID]:
        """Return the next ids below `after`, in descending order."""
        if self.known is not None:
            return [one for one in self.known if after is None or one < after][:count]
        parts = [_stream(column, where, after, count) for column, where in self.streams]
        if len(parts) == 1:
            return list(uow.session.scalars(parts[0]))
        merged = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
        ids = select(merged.c.id).distinct().order_by(merged.c.id.desc()).limit(count)
        return list(uow.session.scalars(ids))


EVERYTHING: Final = Way(((Device.id, None),))


def best(uow: UnitOfWork, query: FleetQuery, seen: ColumnElement[bool], after: UUID | None) -> Way:
    """Return the way to take, from where the page begins."""
    chosen, reach = EVERYTHING, None
    for way in _ways(uow, query, seen):
        ids = way.take(uow, after, PROBE)
        if len(ids) < PROBE:
            return way
        if reach is None or ids[-1] < reach:
            chosen, reach = way, ids[-1]
    return chosen


def _ways(uow: UnitOfWork, query: FleetQuery, seen: ColumnElement[bool]) -> Iterator[Way]:
    yield from _few(uow, query)
    if query.group is not None:
        group = select(Group.id).where(Group.name == query.group).scalar_subquery()
        yield Way(((GroupMember.device_id, GroupMember.group_id == group),))
    for name in _INDEXED:
        value = getattr(query, name)
        if value is not None:
            column = EQUAL[name]
            yield Way(((column.class_.id, column == value),))
    if query.lagging:
        yield Way(((ManagedDevice.id, LAGGING),))
    if query.compliant is False:
        failing = [Device.tier == 0, Device.tier == 1]
        gone = [Device.state == state for state in ("lost", "wiped", "retired")]
        yield Way([(Device.id, one) for one in failing + gone])
    yield from _units(uow, query, seen)


def _few(uow: UnitOfWork, query: FleetQuery) -> Iterator[Way]:
    """What has no order of ids is taken whole where it is little."""
    if query.text:
        known: set[UUID] = set()
        for column in SEARCHED:
            key = Device.id if column.class_ is Device else ManagedDevice.id
            found = select(key).where(begins(uow, column, query.text)).limit(FEW + 1)
            known |= set(uow.session.scalars(found))
        if len(known) <= FEW:
            yield Way(known=sorted(known, reverse=True))
    if query.silent_since is not None:
        silent = select(ManagedDevice.id).where(ManagedDevice.last_seen < query.silent_since)
        ids = uow.session.scalars(silent.limit(FEW + 1)).all()
        if len(ids) <= FEW:
            yield Way(known=sorted(ids, reverse=True))


def _units(uow: UnitOfWork, query: FleetQuery, seen: ColumnElement[bool]) -> Iterator[Way]:
    """Go by units: those of the filter that the actor may see, if they are a small part of all."""
    unit = aliased(Unit)
    statement = select(unit.id)
    allowed = _of_units(seen, unit)
    if allowed is not None:
        statement = statement.where(allowed)
    if query.unit is not None:
        statement = statement.where(unit.id.in_(units_below(query.unit)))
    elif allowed is None:
        return
    ids = uow.session.scalars(statement.limit(MOST_UNITS + 1)).all()
    all_ = uow.session.scalars(select(func.count()).select_from(Unit)).one()
    if not ids:
        yield Way(known=())
    elif len(ids) <= min(MOST_UNITS, all_ // PART):
        yield Way([(Device.id, Device.unit_id == one) for one in ids])


def _of_units(seen: ColumnElement[bool], unit: Any) -> ColumnElement[bool] | None:
    """Return what the actor may see as a condition on units, if it asks for nothing else."""
    columns = [one for one in iterate(seen) if isinstance(one, ColumnClause)]
    asked = [one for one in columns if one.table is Device.__table__]
    if any(one.key != "unit_id" for one in asked):
        return None

    def of_the_unit(element: Any, /, **_: Any) -> Any:
        return unit.id.expression if any(element is one for one in asked) else None

    replaced: ColumnElement[bool] = replacement_traverse(seen, {}, cast("Any", of_the_unit))
    return replaced


def _stream(
    column: Any, where: ColumnElement[bool] | None, after: UUID | None, count: int
) -> Select[Any]:
    statement = select(column.label("id"))
    if where is not None:
        statement = statement.where(where)
    if after is not None:
        statement = statement.where(column < after)
    return statement.order_by(column.desc()).limit(count)
