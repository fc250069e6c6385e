"""A page of the fleet whose cost does not grow with it: newest enrolments first.

Candidates come in the order of ids from the index that narrows most (`narrowing.py`) and are then
checked against all filters and what the actor may see. A page looks at no more than `MOST`
candidates: whoever looks for what hardly exists gets a short page and where to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from mdm.devices import narrowing
from mdm.devices.filters import FleetQuery, conditions
from mdm.devices.fleet import TERMINAL, Terminal
from muster.kernel import guard
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

MOST: Final = 20_000
_WIDEST: Final = 4_000


@dataclass(frozen=True)
class FleetPage:
    """Up to `limit` terminals; `next` is where to go on, None at the end."""

    items: Sequence[Terminal]
    next: UUID | None


def search(
    uow: UnitOfWork,
    actor: Actor,
    query: FleetQuery | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> FleetPage:
    """Return a page of the terminals the actor may read, newest enrolment first."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    query = query or FleetQuery()
    seen = guard.visible(uow, actor, "mdm.device.read", "Device")
    wanted = [seen, *conditions(uow, query)]
    way = narrowing.best(uow, query, seen, after)
    found: list[Terminal] = []
    looked, step = 0, limit + 1
    while looked < MOST:
        ids = way.take(uow, after, step)
        found += _those(uow, ids, wanted, limit + 1 - len(found))
        if len(found) > limit:
            return FleetPage(found[:limit], found[limit - 1].id)
        if len(ids) < step:
            return FleetPage(found, None)
        after, looked, step = ids[-1], looked + len(ids), min(4 * step, _WIDEST)
    return FleetPage(found, after)


def listing(
    uow: UnitOfWork,
    actor: Actor,
    query: FleetQuery | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Terminal]:
    """Return the first terminals that `search` finds."""
    return search(uow, actor, query, after=after, limit=limit).items


def _those(
    uow: UnitOfWork, ids: Sequence[UUID], wanted: Sequence[ColumnElement[bool]], most: int
) -> list[Terminal]:
    """Return the terminals among the candidates that meet all conditions, newest first."""
    if not ids:
        return []
    statement = TERMINAL.where(Device.id.in_(ids), *wanted).order_by(Device.id.desc())
    return [Terminal(*row) for row in uow.session.execute(statement.limit(most))]
