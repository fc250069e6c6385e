"""Joiners, movers and leavers: what one commit takes from them, and what it leaves to others.

A leaver keeps nothing; a mover keeps their name and the posts their new unit gives them. Both
lose sessions, borrowed roles, client credentials and certifications at once (AC-2(h), PS-4, PS-5).
"""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select, update

from muster.kernel.identity import rights
from muster.kernel.identity.errors import LastAdministrator
from muster.kernel.identity.holdings import Held, list_for_supervisor
from muster.kernel.identity.models import (
    Certification,
    ClientCredential,
    Credential,
    Officer,
    RoleGrant,
    Session,
    Unit,
)
from muster.kernel.identity.roles import ADMINISTRATIVE, THREE

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


def leave(uow: "UnitOfWork", officer: Officer) -> int:
    """Take everything from a leaver; return how many things the supervisor now has on their list.

    Rows stay: what they did keeps its author. Raises `LastAdministrator` for the only holder of one
    of the three administrations.
    """
    held = rights.roles_to_come(uow, officer.id)
    for role in held & set(THREE):
        if rights.last_holder(uow, role, officer.id):
            raise LastAdministrator(f"{officer.number} is the last {role}.")
    ended = _end_credentials(uow, officer.id)
    listed = list_for_supervisor(uow, officer, officer.unit_id, "left", ended)
    uow.session.execute(delete(RoleGrant).where(RoleGrant.officer_id == officer.id))
    uow.session.execute(delete(Certification).where(Certification.officer_id == officer.id))
    uow.session.execute(delete(Credential).where(Credential.officer_id == officer.id))
    _end_sessions(uow, officer.id)
    officer.state = "left"
    rights.lost(uow, officer)
    return len(listed)


def moved(uow: "UnitOfWork", officer: Officer, old_unit_id: UUID) -> int:
    """Take from a mover what belonged to the old unit; the caller has set the new one.

    Administrative roles granted inside stay, but stand on the list: somebody must say so.
    """
    borrowed = (RoleGrant.officer_id == officer.id, RoleGrant.kind != "standing")
    uow.session.execute(delete(RoleGrant).where(*borrowed))
    uow.session.execute(delete(Certification).where(Certification.officer_id == officer.id))
    _end_sessions(uow, officer.id)
    ended = [*_end_credentials(uow, officer.id), *_kept_roles(uow, officer.id)]
    listed = list_for_supervisor(uow, officer, old_unit_id, "moved", ended)
    rights.lost(uow, officer)
    return len(listed)


def _kept_roles(uow: "UnitOfWork", officer_id: UUID) -> list[Held]:
    query = (
        select(RoleGrant.id, RoleGrant.role, Unit.code)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.officer_id == officer_id, RoleGrant.role.in_(ADMINISTRATIVE))
    )
    return [
        Held("role", str(row.id), f"{row.role}@{row.code}") for row in uow.session.execute(query)
    ]


def _end_credentials(uow: "UnitOfWork", officer_id: UUID) -> list[Held]:
    """Revoke every client credential; a program somewhere will stop, so each is listed."""
    live = (
        ClientCredential.officer_id == officer_id,
        ClientCredential.revoked_at.is_(None),
        ClientCredential.expires_at > uow.now(),
    )
    columns = select(ClientCredential.id, ClientCredential.surface, ClientCredential.label)
    ended = uow.session.execute(columns.where(*live)).all()
    uow.session.execute(update(ClientCredential).where(*live).values(revoked_at=uow.now()))
    return [Held("credential", str(row.id), f"{row.surface}: {row.label}") for row in ended]


def _end_sessions(uow: "UnitOfWork", officer_id: UUID) -> None:
    uow.session.execute(
        update(Session)
        .where(Session.officer_id == officer_id, Session.revoked_at.is_(None))
        .values(revoked_at=uow.now())
    )
