"""Finding incidents: one by its number, or a page of those of one's units."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from mobile_api.incidents.models import Incident
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def find(uow: UnitOfWork, number: str) -> Incident | None:
    """Return the incident of a number, if it was reported here; nothing is decided."""
    return uow.session.scalar(select(Incident).where(Incident.number == number))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Incident]:
    """Return up to `limit + 1` incidents of the supervisor's units, newest first."""
    guard.require(uow, actor, "field.incident.list", guard.FORCE)
    statement = (
        select(Incident)
        .where(guard.visible(uow, actor, "field.incident.review", "Incident"))
        .order_by(Incident.id.desc())
        .limit(limit + 1)
    )
    if state:
        statement = statement.where(Incident.state == state)
    if after is not None:
        statement = statement.where(Incident.id < after)
    return uow.session.scalars(statement).all()
