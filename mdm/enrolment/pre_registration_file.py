"""A CSV file of pre-registrations as drafts, and what is wrong with the rows that are none.

Columns: serial, imei, unit, device_class, groups, holder, ownership, ring, attributes. One of
serial and imei must be there. Groups are names with `;` between them, attributes `key=value`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.enrolment.models import PreRegistration
from mdm.groups.models import Group
from muster.kernel.errors import Fault
from muster.kernel.identity import Officer, Unit, people_file
from muster.kernel.uow import UnitOfWork

COLUMNS: Final = ("serial", "imei", "unit")
OPTIONAL: Final = ("device_class", "groups", "holder", "ownership", "ring", "attributes")
_BATCH: Final = 500
_SHAPES: Final = {
    "serial": re.compile(r".{0,64}"),
    "imei": re.compile(r"([0-9]{14,16})?"),
    "device_class": re.compile(r"([a-z][a-z0-9_]{0,31})?"),
    "ownership": re.compile(r"(personal|pooled)?"),
    "ring": re.compile(r"([a-z0-9][a-z0-9_.-]{0,31})?"),
    "attributes": re.compile(r"([a-z][a-z0-9_]{0,31}=[^;=]{0,100}(;|$))*"),
}
_ADVICE: Final = {
    "serial": "A serial number has at most 64 characters.",
    "imei": "An IMEI is 14 to 16 digits.",
    "device_class": "A class is a word in small letters, such as handheld.",
    "ownership": "Write personal or pooled.",
    "ring": "A ring is a short name of small letters, digits, dots or dashes.",
    "attributes": "Write key=value, with ; between them; keys in small letters.",
}


@dataclass(frozen=True)
class Draft:
    """One good row: its line, and the values of the columns of `PreRegistration`."""

    row: people_file.Row
    values: dict[str, Any]


@dataclass
class Taken:
    """A file that was read."""

    good: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: dict[tuple[str, str], PreRegistration] = field(default_factory=dict)

    def known(self, draft: Draft) -> PreRegistration | None:
        """Return the row of the database that a draft is about."""
        by_serial = self.rows.get(("serial", draft.values["serial"] or ""))
        return by_serial or self.rows.get(("imei", draft.values["imei"] or ""))

    def fault(self, draft: Draft, column: str, detail: str) -> None:
        """Say what is wrong with a draft after all."""
        self.faults.append(draft.row.fault(column, detail))

    @property
    def shown(self) -> list[Fault]:
        """The faults in the order of the file, at most `people_file.SHOWN`."""
        return sorted(self.faults, key=_line)[: people_file.SHOWN]


@dataclass(frozen=True)
class _Names:
    """What codes, numbers and names of the file stand for."""

    units: dict[str, UUID]
    officers: dict[str, UUID]
    groups: dict[str, UUID]


def drafts(uow: UnitOfWork, data: bytes) -> Taken:
    """Read a file; rows with a fault are left out and listed."""
    rows, faults = people_file.read(data, COLUMNS, OPTIONAL)
    taken = Taken(faults=faults)
    bad = {fault.pointer.split("/")[1] for fault in faults}
    names = _names(uow, rows)
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        wrong = _faults(row, names, seen)
        taken.faults += wrong
        if not wrong and str(row.line) not in bad:
            taken.good.append(Draft(row, _values(row, names)))
    taken.rows = _rows(uow, taken.good)
    _refuse_torn(taken)
    return taken


def _names(uow: UnitOfWork, rows: list[people_file.Row]) -> _Names:
    words: dict[str, set[str]] = {"unit": set(), "holder": set(), "groups": set()}
    for row in rows:
        words["unit"].add(row.cells["unit"])
        words["holder"].add(row.cells.get("holder", ""))
        words["groups"].update(_list(row, "groups"))
    units = select(Unit.code, Unit.id)
    officers = select(Officer.number, Officer.id).where(Officer.state == "active")
    return _Names(
        _found(uow, units, Unit.code, words["unit"]),
        _found(uow, officers, Officer.number, words["holder"]),
        _found(uow, select(Group.name, Group.id), Group.name, words["groups"]),
    )


def _found(uow: UnitOfWork, query: Any, column: Any, words: Collection[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    wanted = sorted(words)
    for start in range(0, len(wanted), _BATCH):
        part = column.in_(wanted[start : start + _BATCH])
        found.update(uow.session.execute(query.where(part)).all())
    return found


def _faults(row: people_file.Row, names: _Names, seen: dict[tuple[str, str], int]) -> list[Fault]:
    faults = [
        row.fault(column, _ADVICE[column])
        for column, shape in _SHAPES.items()
        if not shape.fullmatch(row.cells.get(column, ""))
    ]
    if not row.cells["serial"] and not row.cells["imei"]:
        faults.append(row.fault("serial", "Give a serial number or an IMEI."))
    for column in ("serial", "imei"):
        value = row.cells[column]
        first = seen.setdefault((column, value), row.line) if value else row.line
        if first != row.line:
            faults.append(row.fault(column, f"{value} is on line {first} already."))
    if row.cells["unit"] not in names.units:
        faults.append(row.fault("unit", f"There is no unit {row.cells['unit']}."))
    holder = row.cells.get("holder", "")
    if holder and holder not in names.officers:
        faults.append(row.fault("holder", f"No active officer has the number {holder}."))
    unknown = [name for name in _list(row, "groups") if name not in names.groups]
    return faults + [row.fault("groups", f"There is no group {name}.") for name in unknown[:1]]


def _values(row: people_file.Row, names: _Names) -> dict[str, Any]:
    holder = row.cells.get("holder", "")
    return {
        "serial": row.cells["serial"] or None,
        "imei": row.cells["imei"] or None,
        "unit_id": names.units[row.cells["unit"]],
        "device_class": row.cells.get("device_class", ""),
        "group_ids": [str(names.groups[name]) for name in _list(row, "groups")],
        "holder_id": names.officers[holder] if holder else None,
        "ownership": row.cells.get("ownership") or "pooled",
        "ring": row.cells.get("ring", ""),
        "attributes": {
            part.partition("=")[0]: part.partition("=")[2] for part in _list(row, "attributes")
        },
    }


def _rows(uow: UnitOfWork, good: list[Draft]) -> dict[tuple[str, str], PreRegistration]:
    rows: dict[tuple[str, str], PreRegistration] = {}
    for name in ("serial", "imei"):
        column = getattr(PreRegistration, name)
        wanted = sorted(draft.values[name] for draft in good if draft.values[name])
        for start in range(0, len(wanted), _BATCH):
            part = column.in_(wanted[start : start + _BATCH])
            for row in uow.session.scalars(select(PreRegistration).where(part)):
                rows[name, getattr(row, name)] = row
    return rows


def _refuse_torn(taken: Taken) -> None:
    """A serial number and an IMEI that belong to two pre-registrations are one row's mistake."""
    for draft in list(taken.good):
        by_imei = taken.rows.get(("imei", draft.values["imei"] or ""))
        if by_imei is not None and taken.known(draft) is not by_imei:
            taken.good.remove(draft)
            taken.fault(draft, "imei", "This IMEI is pre-registered with another serial number.")


def _list(row: people_file.Row, column: str) -> list[str]:
    return [part.strip() for part in row.cells.get(column, "").split(";") if part.strip()]


def _line(fault: Fault) -> int:
    number = fault.pointer.split("/")[1]
    return int(number) if number.isdecimal() else 0
