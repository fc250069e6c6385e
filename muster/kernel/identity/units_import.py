"""Import of the force's tree of units from `units.csv`: code, name, parent."""

import re
from itertools import groupby
from typing import Final

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Fault
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.events import UnitsChanged
from muster.kernel.identity.models import Unit
from muster.kernel.identity.people_file import Report, Row, read
from muster.kernel.identity.units import TOPIC
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

COLUMNS: Final = ("code", "name", "parent")
_CODE = re.compile(r"[\w.\-]{1,64}")
_PATH_LENGTH = 1000


def import_units(uow: UnitOfWork, actor: Actor, data: bytes, *, dry_run: bool = False) -> Report:
    """Bring the tree to what the file says; units the file leaves out stay as they are.

    `parent` is a code of the file or of the database, empty for a root. A dry run returns the
    report with its faults; otherwise one fault raises `PeopleFile` and nothing is changed.
    """
    decision = guard.require(uow, actor, "identity.units.import", guard.FORCE)
    rows, faults = read(data, COLUMNS)
    units = {unit.code: unit for unit in uow.session.scalars(select(Unit))}
    parents = {unit.code: _parent_code(unit) for unit in units.values()}
    report = Report(faults=faults)
    wanted = _wanted(rows, set(units), report)
    parents |= {code: row.cells["parent"] for code, row in wanted.items()}
    paths = _paths(wanted, parents, report)
    if not dry_run:
        report.raise_faults()
    _compare(wanted, units, report)
    decision.note(
        added=len(report.added),
        changed=len(report.changed),
        unchanged=report.unchanged,
        dry_run=dry_run,
    )
    if not dry_run and (report.added or report.changed):
        _apply(uow, wanted, units, parents, paths)
    return report


def _wanted(rows: list[Row], known: set[str], report: Report) -> dict[str, Row]:
    wanted: dict[str, Row] = {}
    for row in rows:
        code = row.cells["code"]
        if not _CODE.fullmatch(code):
            report.faults.append(
                row.fault("code", "A code has 1 to 64 letters, digits, dots or dashes.")
            )
        elif code in wanted:
            line = wanted[code].line
            report.faults.append(row.fault("code", f"{code} is on line {line} already."))
        else:
            wanted[code] = row
        if not 1 <= len(row.cells["name"]) <= 200:
            report.faults.append(row.fault("name", "Give a name of 1 to 200 characters."))
    for row in rows:
        parent = row.cells["parent"]
        if parent and parent not in wanted and parent not in known:
            report.faults.append(
                row.fault("parent", f"There is no unit {parent}, here or in the database.")
            )
    return wanted


def _paths(wanted: dict[str, Row], parents: dict[str, str], report: Report) -> dict[str, str]:
    """Return every unit's path; a circle or too deep a tree is a fault of the rows in it."""
    paths: dict[str, str] = {}
    for code in parents:
        chain, at = [], code
        while at and at not in chain and at in parents:
            chain.append(at)
            at = parents[at]
        path = "/" + "/".join(reversed(chain)) + "/"
        detail = ""
        if at == code:
            detail = f"{code} would be above itself. Correct the parents of {', '.join(chain)}."
        elif len(path) > _PATH_LENGTH:
            detail = f"The tree is too deep here: its codes make more than {_PATH_LENGTH} signs."
        if detail and code in wanted:
            report.faults.append(Fault(f"/{wanted[code].line}/parent", detail))
        paths[code] = path
    return paths


def _compare(wanted: dict[str, Row], units: dict[str, Unit], report: Report) -> None:
    for code, row in wanted.items():
        unit = units.get(code)
        if unit is None:
            report.added.append(code)
        elif (unit.name, _parent_code(unit)) != (row.cells["name"], row.cells["parent"]):
            report.changed.append(code)
        else:
            report.unchanged += 1


def _apply(
    uow: UnitOfWork,
    wanted: dict[str, Row],
    units: dict[str, Unit],
    parents: dict[str, str],
    paths: dict[str, str],
) -> None:
    """Write storey by storey, since a child's row names its parent's; a move takes all below."""
    in_order = sorted(paths, key=lambda code: paths[code].count("/"))
    for _, storey in groupby(in_order, key=lambda code: paths[code].count("/")):
        for code in storey:
            unit = units.get(code)
            if unit is None:
                unit = units[code] = Unit(id=uuid7(), code=code, name="", path="")
                uow.session.add(unit)
            parent = units[parents[code]].id if parents[code] else None
            name = wanted[code].cells["name"] if code in wanted else unit.name
            if (unit.name, unit.parent_id, unit.path) != (name, parent, paths[code]):
                unit.name, unit.parent_id, unit.path = name, parent, paths[code]
        uow.session.flush()
    uow.emit(UnitsChanged())
    uow.after_commit(uow.kernel.people.forget)
    uow.after_commit(lambda: uow.kernel.bus.publish(TOPIC, b"{}"))


def _parent_code(unit: Unit) -> str:
    codes = unit.path.strip("/").split("/")
    return codes[-2] if len(codes) > 1 else ""
