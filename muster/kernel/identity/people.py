"""People of the force: their import, and a person as an actor.

The imports live in `units_import.py` and `officers_import.py`.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from muster.kernel.errors import NotFound
from muster.kernel.identity.actor import Actor, Person, system
from muster.kernel.identity.models import Officer
from muster.kernel.identity.officers_import import import_officers
from muster.kernel.identity.people_file import Report
from muster.kernel.identity.units_import import import_units
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

__all__ = [
    "Loaded",
    "Report",
    "actor_for",
    "import_officers",
    "import_units",
    "load",
]

ASSURED = 2


def actor_for(uow: UnitOfWork, officer_id: UUID) -> Actor:
    """Return an absent officer as an actor at the console, to judge what they asked for earlier.

    Their sign-in was judged when they asked. Somebody no longer in service holds no role. Raises `NotFound` for an unknown officer.
    """
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    people = uow.kernel.people
    unit = people.unit(officer.unit_id)
    active = officer.state == "active"
    standing = people.standing(officer.id, officer.epoch)
    person = Person(
        id=officer.id,
        number=officer.number,
        name=officer.name,
        sworn=officer.sworn,
        rank=officer.rank,
        unit_id=officer.unit_id,
        unit=unit.code,
        unit_path=unit.path,
        posts=standing.posts if active else (),
        certifications=standing.certifications if active else (),
        duty_until=officer.duty_until,
    )
    return Actor(kind="officer", surface="console", person=person, aal=ASSURED, auth_at=uow.now())


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
