"""Import of officers and their roles from `officers.csv`.

Columns: number, name, kind, unit, rank, roles, valid_from, valid_until, and certifications if the
file speaks of them. `roles` are separated by `;`, each held at the officer's unit or, as
`role@UNIT`, at another. The file is the whole truth about whom it lists, and says nothing about
whom it leaves out, nor about roles that whoever sends it cannot give: see `people_bring.py`.
"""

from collections.abc import Collection
from datetime import UTC, tzinfo

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Unit
from muster.kernel.identity.officer_row import COLUMNS, OPTIONAL, Draft, draft_of
from muster.kernel.identity.people_bring import (
    BY_COMMAND,
    BY_CONSOLE,
    Held,
    bring,
    faults_of,
    held_of,
    wanted,
)
from muster.kernel.identity.people_file import Report, Row, read
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


def import_officers(
    uow: UnitOfWork,
    actor: Actor,
    data: bytes,
    *,
    dry_run: bool = False,
    zone: tzinfo = UTC,
    coming: Collection[str] = (),
) -> Report:
    """Bring the listed officers to what the file says; nobody is removed.

    Dates without a time are days in `zone`, the last one included. A dry run returns the report
    with its faults; otherwise one fault raises `PeopleFile` and nothing is changed. A new unit,
    kind or role raises the officer's epoch: sessions end, and the new rights hold at once.
    `coming` are codes of units that a dry run may take as given.
    """
    decision = guard.require(uow, actor, "identity.officers.import", guard.FORCE)
    rows, faults = read(data, COLUMNS, OPTIONAL)
    report = Report(faults=faults)
    units = {unit.code: unit.id for unit in uow.session.scalars(select(Unit))}
    units |= {code: uuid7() for code in coming if dry_run and code not in units}
    found = [draft_of(row, units, zone, report.faults) for row in rows]
    drafts = [draft for draft in found if draft is not None]
    refuse_twice(rows, report)
    governed = BY_COMMAND if actor.person is None else BY_CONSOLE
    held = held_of(uow, [draft.number for draft in drafts])
    for draft in drafts:
        report.faults += faults_of(draft, held, governed)
    _refuse_own_roles(actor, drafts, held, governed, report)
    _refuse_leavers(drafts, held, report)
    if not dry_run:
        report.raise_faults()
    for draft in drafts:
        report.count(draft.number, bring(uow, draft, held, governed, dry_run=dry_run))
    decision.note(
        added=len(report.added),
        changed=len(report.changed),
        unchanged=report.unchanged,
        dry_run=dry_run,
    )
    return report


def refuse_twice(rows: list[Row], report: Report) -> None:
    """Add a fault for every number that an earlier line has already."""
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row.cells["number"], row.line)
        if line != row.line:
            report.faults.append(row.fault("number", f"This number is on line {line} already."))


def _refuse_own_roles(
    actor: Actor, drafts: list[Draft], held: Held, governed: Collection[str], report: Report
) -> None:
    """Whoever grants roles must not grant them to themselves."""
    for draft in drafts:
        officer = held.officers.get(draft.number)
        if officer is None or officer.id != actor.id:
            continue
        had = held.grants.get(officer.id, {})
        if wanted(draft, had, governed) != had or draft.grants.keys() - had.keys():
            detail = "Nobody changes their own roles. Ask another security admin."
            report.faults.append(draft.row.fault("roles", detail))


def _refuse_leavers(drafts: list[Draft], held: Held, report: Report) -> None:
    for draft in drafts:
        officer = held.officers.get(draft.number)
        if officer is not None and officer.state == "left":
            detail = "This person has left. The directory, or a new number, brings them back."
            report.faults.append(draft.row.fault("number", detail))
