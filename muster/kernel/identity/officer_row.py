"""One row of `officers.csv`: read, judged, and turned into what the database should hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from uuid import UUID

from muster.kernel.errors import Fault
from muster.kernel.identity.people_file import Row
from muster.kernel.identity.roles import ROLES

COLUMNS: Final = ("number", "name", "kind", "unit", "rank", "roles", "valid_from", "valid_until")
Grants = dict[tuple[str, UUID], tuple[datetime | None, datetime | None]]
"""From and until by role and unit."""
OPTIONAL: Final = ("certifications",)
Certifications = dict[str, datetime | None]
"""Until when, by data set; None is for good."""

DATASET: Final = re.compile(r"[a-z][a-z0-9_.\-]{0,63}")
_NUMBER = re.compile(r"[\w.\-]{1,32}")
_KINDS = {"sworn": True, "auxiliary": False}


@dataclass(frozen=True)
class Draft:
    """An officer as the file has them."""

    row: Row
    number: str
    name: str
    sworn: bool
    rank: int
    unit_id: UUID
    grants: Grants
    certifications: Certifications | None = None
    """None where the source does not speak of them: they stay as they are."""


def draft_of(
    row: Row, units: Mapping[str, UUID], zone: tzinfo, faults: list[Fault]
) -> Draft | None:
    """Return the officer of a row, or None after adding its faults; `units` is ids by code."""
    before, cells = len(faults), row.cells
    faults += _plain_faults(row)
    unit_id = units.get(cells["unit"])
    if unit_id is None:
        faults.append(row.fault("unit", f"There is no unit {cells['unit']!r}. Import units first."))
    start = _moment(row, "valid_from", zone, faults)
    end = _moment(row, "valid_until", zone, faults)
    if start and end and end <= start:
        faults.append(row.fault("valid_until", "The last day lies before the first."))
    held = _roles(row, units, faults)
    certifications = _certifications(row, zone, faults) if "certifications" in cells else None
    if len(faults) > before or unit_id is None:
        return None
    return Draft(
        row,
        cells["number"],
        cells["name"],
        _KINDS[cells["kind"]],
        int(cells["rank"] or 0),
        unit_id,
        dict.fromkeys(held, (start, end)),
        certifications,
    )


def _plain_faults(row: Row) -> list[Fault]:
    cells, faults = row.cells, []
    if not _NUMBER.fullmatch(cells["number"]):
        faults.append(row.fault("number", "A number has 1 to 32 letters, digits, dots or dashes."))
    if not 1 <= len(cells["name"]) <= 200:
        faults.append(row.fault("name", "Give a name of 1 to 200 characters."))
    if cells["kind"] not in _KINDS:
        faults.append(row.fault("kind", "Write sworn or auxiliary."))
    if not re.fullmatch(r"[0-9]{0,2}", cells["rank"]):
        faults.append(row.fault("rank", "A rank is a number from 0 to 99; empty means 0."))
    return faults


def _roles(row: Row, units: Mapping[str, UUID], faults: list[Fault]) -> set[tuple[str, UUID]]:
    held = set()
    for part in filter(None, (part.strip() for part in row.cells["roles"].split(";"))):
        role, _, code = part.partition("@")
        code = code or row.cells["unit"]
        if role not in ROLES:
            known = ", ".join(ROLES)
            faults.append(row.fault("roles", f"There is no role {role!r}. There are {known}."))
        elif code not in units:
            if "@" in part:
                faults.append(row.fault("roles", f"There is no unit {code!r} for {role}."))
        else:
            held.add((role, units[code]))
    return held


def _certifications(row: Row, zone: tzinfo, faults: list[Fault]) -> Certifications:
    """Read `registers.persons;registers.vehicles@2031-12-31`: data sets and their last days."""
    found: Certifications = {}
    for part in filter(None, (part.strip() for part in row.cells["certifications"].split(";"))):
        dataset, _, until = part.partition("@")
        if not DATASET.fullmatch(dataset):
            faults.append(row.fault("certifications", f"{dataset!r} cannot name a data set."))
            continue
        last = Row(row.line, {"certifications": until})
        found[dataset] = _moment(last, "certifications", zone, faults)
    return found


def _moment(row: Row, column: str, zone: tzinfo, faults: list[Fault]) -> datetime | None:
    """Read a day (its end, unless it is the first) or a moment with its offset; empty is no bound."""
    text = row.cells[column]
    if not text:
        return None
    try:
        if len(text) == len("2031-05-04"):
            day = date.fromisoformat(text) + timedelta(days=column != "valid_from")
            return datetime.combine(day, time(), zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    detail = "Write a day as 2031-05-04, or a moment as 2031-05-04T18:00:00Z; or leave it empty."
    faults.append(row.fault(column, detail))
    return None
