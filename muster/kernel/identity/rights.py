"""One officer's rights change: the epoch rises, the news goes out, and sessions end or go on.

What an officer gains holds from their next request without a new sign-in; what they lose ends
every session, token and client credential of theirs with the commit.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from muster.kernel.errors import Conflict
from muster.kernel.identity.duties.exclusion import sentence
from muster.kernel.identity.errors import DutiesConflict
from muster.kernel.identity.events import OfficerChanged
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import ClientCredential, Officer, RoleGrant, Session

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


def gained(uow: "UnitOfWork", officer: Officer) -> None:
    """Let new rights hold from the next request; sessions and credentials go on."""
    before = officer.epoch
    _raise(uow, officer)
    for table in (Session, ClientCredential):
        uow.session.execute(
            update(table)
            .where(table.officer_id == officer.id, table.officer_epoch == before)
            .values(officer_epoch=officer.epoch)
        )


def lost(uow: "UnitOfWork", officer: Officer) -> None:
    """End every session and credential of an officer, and what they held by them."""
    _raise(uow, officer)


def roles_to_come(uow: "UnitOfWork", officer_id: UUID) -> set[str]:
    """Return the roles an officer holds now or will hold by a grant that exists already."""
    live = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > uow.now())
    query = select(RoleGrant.role).where(RoleGrant.officer_id == officer_id, live)
    return set(uow.session.scalars(query))


def check_duties(uow: "UnitOfWork", officer_id: UUID, wanted: Collection[str]) -> None:
    """Raise `DutiesConflict` if these roles beside those held would clash."""
    uow.session.flush()
    told = sentence(roles_to_come(uow, officer_id) | set(wanted))
    if told:
        raise DutiesConflict(told)


def add_grant(
    uow: "UnitOfWork",
    officer: Officer,
    role: str,
    unit_id: UUID,
    *,
    kind: str,
    start: datetime | None = None,
    end: datetime | None = None,
    by: UUID | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give a role, in force at once; an ended grant of the same kind makes room.

    Raises `Conflict` for one that is still in force or to come, and `DutiesConflict`.
    """
    same = (
        RoleGrant.officer_id == officer.id,
        RoleGrant.role == role,
        RoleGrant.unit_id == unit_id,
        RoleGrant.kind == kind,
    )
    uow.session.execute(delete(RoleGrant).where(*same, RoleGrant.valid_until <= uow.now()))
    if uow.session.scalar(select(RoleGrant.id).where(*same)) is not None:
        raise Conflict(f"{officer.number} holds {role} there already.")
    check_duties(uow, officer.id, {role})
    grant = RoleGrant(
        officer_id=officer.id,
        role=role,
        unit_id=unit_id,
        kind=kind,
        valid_from=start,
        valid_until=end,
        granted_by=by,
        reason=reason,
    )
    uow.session.add(grant)
    uow.session.flush()
    gained(uow, officer)
    return grant


def take_grant(uow: "UnitOfWork", grant: RoleGrant) -> Officer:
    """Take a role back, and what the holder lent of it: the sessions of all of them end."""
    officer = uow.session.get_one(Officer, grant.officer_id)
    uow.session.delete(grant)
    if grant.kind == "standing":
        _end_lent(uow, officer.id, grant.role)
    uow.session.flush()
    lost(uow, officer)
    return officer


def last_holder(uow: "UnitOfWork", role: str, officer_id: UUID) -> bool:
    """Whether nobody else in service holds one of the three administrations for good."""
    others = (
        select(RoleGrant.id)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.kind == "standing",
            RoleGrant.officer_id != officer_id,
            Officer.state == "active",
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > uow.now()),
        )
    )
    return uow.session.scalar(others.limit(1)) is None


def _end_lent(uow: "UnitOfWork", giver_id: UUID, role: str) -> None:
    lent = select(RoleGrant).where(
        RoleGrant.granted_by == giver_id,
        RoleGrant.role == role,
        RoleGrant.kind.in_(("delegation", "deputy")),
    )
    for grant in uow.session.scalars(lent).all():
        uow.session.delete(grant)
        lost(uow, uow.session.get_one(Officer, grant.officer_id))


def _raise(uow: "UnitOfWork", officer: Officer) -> None:
    officer.epoch += 1
    uow.session.flush()
    look_again(uow, officer.id)
    uow.emit(OfficerChanged(officer_id=officer.id))
