"""Brings one officer to what a source says of them: a file, the nightly directory, or SCIM."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import delete, select

from muster.kernel.errors import Fault
from muster.kernel.identity import people_moves, rights
from muster.kernel.identity.duties.exclusion import sentence
from muster.kernel.identity.events import OfficerChanged
from muster.kernel.identity.models import Certification, Officer, RoleGrant
from muster.kernel.identity.officer_row import Certifications, Draft, Grants
from muster.kernel.identity.roles import LINE, ROLES, THREE
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Done = Literal["added", "changed", "unchanged"]
BY_COMMAND: Final = frozenset(ROLES) - frozenset(THREE)
"""Roles that whoever runs the server's command line may give by file."""
BY_CONSOLE: Final = LINE
"""Roles that one security admin may give by file; for all others a second person must agree."""
BY_DIRECTORY: Final = frozenset({"officer"})
"""The one role the personnel system gives; whoever administers is appointed inside."""


@dataclass
class Held:
    """What the database has of the officers a source lists; grants are the standing ones."""

    officers: dict[str, Officer] = field(default_factory=dict)
    grants: dict[UUID, Grants] = field(default_factory=dict)
    lent: dict[UUID, set[str]] = field(default_factory=dict)
    certifications: dict[UUID, Certifications] = field(default_factory=dict)


def held_of(uow: "UnitOfWork", numbers: list[str], size: int = 500) -> Held:
    """Read what is held of these numbers, a few hundred to a statement."""
    held = Held()
    for at in range(0, len(numbers), size):
        chosen = Officer.number.in_(numbers[at : at + size])
        found = uow.session.scalars(select(Officer).where(chosen)).all()
        held.officers |= {officer.number: officer for officer in found}
        ids = [officer.id for officer in found]
        for grant in uow.session.scalars(select(RoleGrant).where(RoleGrant.officer_id.in_(ids))):
            if grant.kind == "standing":
                mine = held.grants.setdefault(grant.officer_id, {})
                mine[grant.role, grant.unit_id] = (grant.valid_from, grant.valid_until)
            elif grant.valid_until is None or grant.valid_until > uow.now():
                held.lent.setdefault(grant.officer_id, set()).add(grant.role)
        leaves = select(Certification).where(
            Certification.officer_id.in_(ids), Certification.kind == "standing"
        )
        for leave in uow.session.scalars(leaves):
            held.certifications.setdefault(leave.officer_id, {})[leave.dataset] = leave.valid_until
    return held


def faults_of(draft: Draft, held: Held, governed: Collection[str]) -> list[Fault]:
    """Return why a source may not say this: a role it cannot give, or duties that clash."""
    officer = held.officers.get(draft.number)
    had = held.grants.get(officer.id, {}) if officer else {}
    faults = [
        draft.row.fault("roles", _inside(role))
        for role, _unit in sorted(draft.grants.keys() - had.keys())
        if role not in governed
    ]
    lent = held.lent.get(officer.id, set()) if officer else set()
    told = sentence({role for role, _ in wanted(draft, had, governed)} | lent)
    return faults + ([draft.row.fault("roles", told)] if told else [])


def wanted(draft: Draft, had: Grants, governed: Collection[str]) -> Grants:
    """Return the standing grants after the change: a source is silent about roles it cannot give."""
    kept = {key: dates for key, dates in had.items() if key[0] not in governed}
    return kept | {key: dates for key, dates in draft.grants.items() if key[0] in governed}


def bring(
    uow: "UnitOfWork",
    draft: Draft,
    held: Held,
    governed: Collection[str],
    *,
    source: str = "local",
    dry_run: bool = False,
) -> Done:
    """Make or change the officer of a draft that has no faults."""
    officer = held.officers.get(draft.number)
    if officer is None:
        if not dry_run:
            held.officers[draft.number] = _add(uow, draft, governed, source)
        return "added"
    had = held.grants.get(officer.id, {})
    grants = wanted(draft, had, governed)
    certified = held.certifications.get(officer.id, {})
    certifying = draft.certifications is not None and draft.certifications != certified
    kind_changed, unit_changed = officer.sworn != draft.sworn, officer.unit_id != draft.unit_id
    joins = officer.state == "left"
    renamed = (officer.name, officer.rank) != (draft.name, draft.rank)
    strict = kind_changed or unit_changed or grants != had or certifying or joins
    if not (strict or renamed):
        return "unchanged"
    if dry_run:
        return "changed"
    old_unit = officer.unit_id
    officer.name, officer.rank = draft.name, draft.rank
    officer.sworn, officer.unit_id = draft.sworn, draft.unit_id
    if joins:
        officer.state, officer.active_since, officer.source = "active", uow.now(), source
    if grants != had:
        _replace_grants(uow, officer.id, grants)
    if unit_changed and not joins:
        people_moves.moved(uow, officer, old_unit)
        certifying = draft.certifications is not None
    elif strict:
        rights.lost(uow, officer)
    if certifying:
        _replace_certifications(uow, officer.id, draft.certifications or {})
    return "changed"


def _inside(role: str) -> str:
    return f"{role} is granted at the console, where a second person agrees; no file gives it."


def _add(uow: "UnitOfWork", draft: Draft, governed: Collection[str], source: str) -> Officer:
    officer = Officer(
        id=uuid7(),
        number=draft.number,
        name=draft.name,
        sworn=draft.sworn,
        rank=draft.rank,
        unit_id=draft.unit_id,
        source=source,
    )
    uow.session.add(officer)
    uow.session.flush()
    _replace_grants(uow, officer.id, wanted(draft, {}, governed))
    _replace_certifications(uow, officer.id, draft.certifications or {})
    uow.emit(OfficerChanged(officer_id=officer.id))
    return officer


def _replace_grants(uow: "UnitOfWork", officer_id: UUID, grants: Grants) -> None:
    standing = (RoleGrant.officer_id == officer_id, RoleGrant.kind == "standing")
    uow.session.execute(delete(RoleGrant).where(*standing))
    uow.session.add_all(
        RoleGrant(
            officer_id=officer_id, role=role, unit_id=unit_id, valid_from=start, valid_until=end
        )
        for (role, unit_id), (start, end) in grants.items()
    )


def _replace_certifications(
    uow: "UnitOfWork", officer_id: UUID, certifications: Certifications
) -> None:
    uow.session.execute(delete(Certification).where(Certification.officer_id == officer_id))
    uow.session.add_all(
        Certification(officer_id=officer_id, dataset=dataset, valid_until=until)
        for dataset, until in certifications.items()
    )
