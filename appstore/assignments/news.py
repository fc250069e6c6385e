"""What happens elsewhere that changes whom assignments reach: dates that pass, and roles.

Groups, units, holders and what rules ask of a terminal need no news: whoever changes those has the
terminal compiled anew.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from appstore.assignments.models import Assignment
from mdm.audiences import Audience, concerned, held_by
from mdm.configuration import refresh_later
from muster.kernel.events import Subscriber
from muster.kernel.identity import (
    OfficerChanged,
    OfficerReinstated,
    OfficerSuspended,
    RoleGrant,
)
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

DATES: Final = "app.assignments.dates"
DATES_EVERY: Final = timedelta(minutes=1)
ROLES: Final = "app.assignments.roles"
ROLES_EVERY: Final = timedelta(minutes=10)
_LOOKED_BACK: Final = timedelta(hours=1)
_BATCH: Final = 50


def dates_passed(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.assignments.dates`: compile whom an assignment begins or ceases to reach."""
    while True:
        with kernel.writes() as uow:
            if _tell(uow) < _BATCH:
                return


def officer_changed(
    uow: UnitOfWork, event: OfficerChanged | OfficerReinstated | OfficerSuspended
) -> None:
    """Compile what an officer holds anew: assignments to a role follow their holder."""
    _held(uow, [event.officer_id])


def roles_by_clock(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.assignments.roles`: grants that begin or end by the clock tell nobody."""
    with kernel.writes() as uow:
        since, now = uow.now() - _LOOKED_BACK, uow.now()
        turned = select(RoleGrant.officer_id).where(
            or_(
                RoleGrant.valid_from.between(since, now),
                RoleGrant.valid_until.between(since, now),
            )
        )
        _held(uow, uow.session.scalars(turned.distinct()).all())


def _tell(uow: UnitOfWork) -> int:
    """Follow the next assignments whose dates passed since their terminals were told."""
    now = uow.now()
    turned = [
        and_(moment > Assignment.told_at, moment <= now)
        for moment in (Assignment.starts, Assignment.ends)
    ]
    query = (
        select(Assignment.id, Assignment.audience, Assignment.scope_id, Assignment.rule)
        .where(or_(*turned))
        .order_by(Assignment.id)
        .limit(_BATCH)
    )
    rows = uow.session.execute(query).all()
    found: set[UUID] = set()
    for _, *audience in rows:
        found.update(concerned(uow, Audience(*audience)))
    refresh_later(uow, sorted(found))
    ids = [row[0] for row in rows]
    # Past the row's version, which counts people's edits.
    uow.session.execute(
        update(Assignment)
        .where(Assignment.id.in_(ids))
        .values(told_at=now, updated_at=Assignment.updated_at)
    )
    return len(rows)


def _held(uow: UnitOfWork, officer_ids: Sequence[UUID]) -> None:
    by_role = select(Assignment.id).where(Assignment.audience == "role")
    if officer_ids and uow.session.scalar(by_role.limit(1)) is not None:
        refresh_later(uow, held_by(uow, officer_ids))


SUBSCRIBERS: Final = (
    Subscriber(OfficerChanged, officer_changed),
    Subscriber(OfficerReinstated, officer_changed),
    Subscriber(OfficerSuspended, officer_changed),
)
