"""How many may leave at once before a person must look: one decision for file and SCIM alike."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from muster.kernel.identity.models import Officer, RoleGrant
from muster.kernel.identity.roles import ADMINISTRATIVE
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork

_FEW: Final = 3
"""So few are never a mass, however small the force."""


def too_many(settings: Settings, leaving: int, known: int) -> bool:
    """Whether this many removals out of those the directory knows wait for a security admin."""
    if leaving > settings.directory_removals:
        return True
    share = settings.directory_removals_percent
    return leaving > _FEW and leaving * 100 > known * share


def administrators(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Return who among these holds an administrative role, which the directory never touches."""
    live = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > uow.now())
    query = select(RoleGrant.officer_id).where(
        RoleGrant.officer_id.in_(list(ids)), RoleGrant.role.in_(ADMINISTRATIVE), live
    )
    return set(uow.session.scalars(query))


def line_of(officer: Officer) -> dict[str, str]:
    """Return an officer as a run keeps them."""
    return {"id": str(officer.id), "number": officer.number}
