"""Names for ids: who may see an act may see who did it. Nothing here asks the guard."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import false, func, or_, select

from muster.kernel.identity.models import Officer, Session, Unit
from muster.kernel.identity.units import UnitRef

if TYPE_CHECKING:
    from datetime import datetime

    from muster.kernel.uow import UnitOfWork

_MOST_UNITS = 500


@dataclass(frozen=True)
class Named:
    """An officer as pages name them."""

    id: UUID
    number: str
    name: str
    unit_id: UUID


def officers(uow: "UnitOfWork", ids: Iterable[UUID | None]) -> dict[UUID, Named]:
    """Return the officers of these ids in one statement; None and unknown ids are left out."""
    wanted = {officer_id for officer_id in ids if officer_id is not None}
    if not wanted:
        return {}
    columns = select(Officer.id, Officer.number, Officer.name, Officer.unit_id)
    rows = uow.session.execute(columns.where(Officer.id.in_(wanted)))
    return {row.id: Named(*row) for row in rows}


def units_below(uow: "UnitOfWork", codes: Iterable[str]) -> list[UnitRef]:
    """Return the units of these codes and all below them, in the order of the tree, at most 500."""
    # not LIKE: on SQLite it takes NORTH and north for the same unit
    over = or_(
        false(), *(func.replace(Unit.path, f"/{code}/", "") != Unit.path for code in set(codes))
    )
    columns = select(Unit.id, Unit.code, Unit.name, Unit.path)
    rows = uow.session.execute(columns.where(over).order_by(Unit.path).limit(_MOST_UNITS))
    return [UnitRef(*row) for row in rows]


def last_sign_ins(uow: "UnitOfWork", officer_ids: Iterable[UUID]) -> "dict[UUID, datetime]":
    """Return when each of these officers last signed in anywhere; who never did is left out."""
    query = (
        select(Session.officer_id, func.max(Session.auth_at))
        .where(Session.officer_id.in_(set(officer_ids)))
        .group_by(Session.officer_id)
    )
    return dict(uow.session.execute(query).all())
