"""People of the force: their import, their first administrator, and a person as an actor.

The imports live in `units_import.py` and `officers_import.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel.audit.entry import Entry
from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity import clients, credentials
from muster.kernel.identity.actor import Actor, Person, system
from muster.kernel.identity.errors import AdminExists
from muster.kernel.identity.models import Officer, RoleGrant, Unit
from muster.kernel.identity.officers_import import import_officers
from muster.kernel.identity.people_file import Report
from muster.kernel.identity.units_import import import_units
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

__all__ = [
    "Loaded",
    "Report",
    "actor_for",
    "create_admin",
    "import_officers",
    "import_units",
    "load",
]

_FIRST_ROLES = ("system_admin", "security_admin")
_ANY_ADMIN = select(RoleGrant.id).where(RoleGrant.role == "system_admin").limit(1)


def actor_for(uow: UnitOfWork, officer_id: UUID) -> Actor:
    """Return an absent officer as an actor at the console, to judge what they asked for earlier.

    Somebody no longer in service holds no role. Raises `NotFound` for an unknown officer.
    """
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    people = uow.kernel.people
    unit = people.unit(officer.unit_id)
    active = officer.state == "active"
    person = Person(
        id=officer.id,
        number=officer.number,
        name=officer.name,
        sworn=officer.sworn,
        rank=officer.rank,
        unit_id=officer.unit_id,
        unit=unit.code,
        unit_path=unit.path,
        posts=people.posts(officer.id, officer.epoch) if active else (),
    )
    return Actor(kind="officer", surface="console", person=person, aal=1)


@dataclass(frozen=True)
class Loaded:
    """The reports of the files that were given."""

    units: Report | None
    officers: Report | None

    def as_dict(self) -> dict[str, Any]:
        """Return both for a command's output."""
        reports = {"units": self.units, "officers": self.officers}
        return {name: report.as_dict() for name, report in reports.items() if report is not None}


def load(
    kernel: "Kernel",
    *,
    units: Path | None = None,
    officers: Path | None = None,
    dry_run: bool = False,
    zone: tzinfo = UTC,
) -> Loaded:
    """Import both files in one transaction (`muster people import`): all of it or nothing.

    Raises `PeopleFile` with every fault of the first faulty file, unless it is a dry run.
    """
    actor, tree, crew = system("cli"), None, None
    with kernel.writes() as uow:
        if units is not None:
            tree = import_units(uow, actor, units.read_bytes(), dry_run=dry_run)
        if officers is not None:
            crew = import_officers(
                uow,
                actor,
                officers.read_bytes(),
                dry_run=dry_run,
                zone=zone,
                coming=tree.added if tree else (),
            )
    return Loaded(tree, crew)


def create_admin(
    kernel: "Kernel", *, number: str, name: str, password: str, unit: str = "", unit_name: str = ""
) -> Officer:
    """Make the first administrator (`muster admin create`), over `unit` or the root of the tree.

    They hold system_admin and security_admin, enough to import everybody else. In an empty
    database the unit is made. Raises `AdminExists`, `WeakSecret`, `Conflict` for a taken number,
    or `NotFound` for an unknown unit.
    """
    with kernel.writes() as uow:
        if uow.session.scalar(_ANY_ADMIN) is not None:
            raise AdminExists
        if uow.session.scalar(select(Officer.id).where(Officer.number == number)) is not None:
            raise Conflict(f"The number {number} belongs to an officer. Choose another.")
        root = _root(uow, unit, unit_name)
        officer = Officer(id=uuid7(), number=number, name=name, sworn=False, unit_id=root.id)
        uow.session.add(officer)
        uow.session.flush()
        for role in _FIRST_ROLES:
            uow.session.add(RoleGrant(officer_id=officer.id, role=role, unit_id=root.id))
        credentials.set_password(uow, officer, password)
        clients.console(uow)
        uow.record(_made(officer, uow.now()))
    return officer


def _made(officer: Officer, at: datetime) -> Entry:
    return Entry(
        action="identity.admin.create",
        outcome="done",
        actor_kind="system",
        actor_label="cli",
        resource_type="OfficerRecord",
        resource_id=str(officer.id),
        result={"roles": list(_FIRST_ROLES)},
        at=at,
    )


def _root(uow: UnitOfWork, code: str, name: str) -> Unit:
    wanted = Unit.code == code if code else Unit.parent_id.is_(None)
    found = uow.session.scalar(select(Unit).where(wanted).order_by(Unit.code).limit(1))
    if found is not None:
        return found
    if code and uow.session.scalar(select(Unit.id).limit(1)):
        raise NotFound(f"There is no unit {code!r}.")
    code = code or "HQ"
    unit = Unit(id=uuid7(), code=code, name=name or code, path=f"/{code}/")
    uow.session.add(unit)
    uow.session.flush()
    uow.after_commit(uow.kernel.people.forget)
    return unit
