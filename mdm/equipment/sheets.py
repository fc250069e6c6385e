"""CSV files of equipment: rows in with a list of what is wrong with the others, rows out safely.

A cell that begins with one of `=+-@` is a formula to a spreadsheet. We write such a cell with an
apostrophe in front, as OWASP advises, and take that apostrophe away again when we read.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from mdm.equipment import serials
from mdm.equipment.errors import EquipmentFile
from muster.kernel.errors import Fault
from muster.kernel.identity import people_file

T = TypeVar("T")
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_ROWS: Final = 10_000
SHOWN: Final = 500
"""Faults listed in one answer; a file with more has one cause."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one cell, or with one row (`column` is '' then). The heading is line 1."""

    line: int
    column: str
    reason: str


@dataclass
class Taken:
    """What an import did, or would do: rows by their fate, and the flaws of the others."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    dry_run: bool = False
    faults: list[Flaw] = field(default_factory=list)

    @property
    def shown(self) -> list[Flaw]:
        """The first `SHOWN` flaws."""
        return self.faults[:SHOWN]

    def count(self, fate: str) -> None:
        """Note what became of one row: added, changed or unchanged."""
        setattr(self, fate, getattr(self, fate) + 1)


class Cells:
    """One row; what cannot be read becomes a flaw, and a harmless value is returned."""

    def __init__(self, row: people_file.Row) -> None:
        self._row, self.flaws = row, list[Flaw]()

    @property
    def line(self) -> int:
        """The line the row begins on."""
        return self._row.line

    def flaw(self, column: str, reason: str) -> None:
        """Say what is wrong with a cell."""
        self.flaws.append(Flaw(self._row.line, column, reason))

    def text(self, column: str, longest: int, default: str = "") -> str:
        """Return a text of at most `longest` characters."""
        value = _plain(self._row.cells.get(column, "")) or default
        if len(value) > longest:
            self.flaw(column, f"At most {longest} characters fit here; this has {len(value)}.")
        return value

    def choice(self, column: str, among: Sequence[str], default: str) -> str:
        """Return one of a few words."""
        value = self.text(column, 32, default)
        if value not in among:
            self.flaw(column, f"Write one of {', '.join(among)}.")
        return value

    def printed(self, column: str, rule: Callable[[str], str]) -> str:
        """Return a number as `serials` reads it."""
        try:
            return rule(_plain(self._row.cells.get(column, "")))
        except serials.NotPrinted as error:
            self.flaw(column, str(error))
            return ""

    def day(self, column: str) -> date | None:
        """Return a day, None for an empty cell."""
        value = _plain(self._row.cells.get(column, ""))
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.flaw(column, "Write a day as 2031-05-04.")
            return None


def read(
    data: bytes, columns: Sequence[str], optional: Sequence[str], key: str
) -> tuple[list[Cells], list[Flaw]]:
    """Return the rows that are whole, and the flaws of the others.

    `key` names the column whose value stands in one row only. Raises `EquipmentFile` for a file
    that is no such table at all: not UTF-8, not CSV, another heading, too large.
    """
    if len(data) > MAX_BYTES:
        raise EquipmentFile(f"The file is larger than {MAX_BYTES >> 20} MiB. Split it.")
    rows, faults = people_file.read(data, columns, optional)
    if faults and not rows:
        raise EquipmentFile(errors=faults[:SHOWN])
    if len(rows) > MAX_ROWS:
        raise EquipmentFile(f"The file has more than {MAX_ROWS} rows. Split it.")
    flaws = [_flaw(fault) for fault in faults] + _repeated(rows, key)
    bad = {flaw.line for flaw in flaws}
    return [Cells(row) for row in rows if row.line not in bad], flaws


def written(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a CSV file (RFC 4180) that no spreadsheet takes for formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _flaw(fault: Fault) -> Flaw:
    _, line, column = (*fault.pointer.split("/", 2), "", "")[:3]
    return Flaw(int(line) if line.isdecimal() else 0, column, fault.detail)


def _repeated(rows: Sequence[people_file.Row], key: str) -> list[Flaw]:
    first: dict[str, int] = {}
    return [
        Flaw(row.line, key, f"This stands on line {line} already.")
        for row in rows
        if (line := first.setdefault(_plain(row.cells[key]).upper(), row.line)) != row.line
    ]
