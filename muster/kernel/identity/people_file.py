"""A CSV file of units or officers as rows with line numbers, or faults that say what to do."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muster.kernel.errors import Fault
from muster.kernel.identity.errors import PeopleFile

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 100_000
SHOWN: Final = 500
"""Faults listed in one answer; a file with more has one cause."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on (the heading is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]

    def fault(self, column: str, detail: str) -> Fault:
        """Say what is wrong with one cell."""
        return Fault(f"/{self.line}/{column}", detail)


@dataclass
class Report:
    """What an import did, or would do: codes or numbers added and changed, and the faults."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    def count(self, name: str, done: str) -> None:
        """Note what became of one row: `added`, `changed` or `unchanged`."""
        if done == "unchanged":
            self.unchanged += 1
        else:
            (self.added if done == "added" else self.changed).append(name)

    @property
    def shown(self) -> list[Fault]:
        """The first `SHOWN` faults, and how many there are beyond."""
        more = len(self.faults) - SHOWN
        tail = [Fault("/", f"{more} more faults are not listed.")] if more > 0 else []
        return [*self.faults[:SHOWN], *tail]

    def as_dict(self) -> dict[str, Any]:
        """Return the report for a command's output."""
        faults = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.shown]
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "faults": faults,
        }

    def raise_faults(self) -> None:
        """Raise `PeopleFile` if anything is wrong."""
        if self.faults:
            raise PeopleFile(errors=self.shown)


def read(
    data: bytes, columns: Sequence[str], optional: Sequence[str] = ()
) -> tuple[list[Row], list[Fault]]:
    """Read a CSV file with exactly these columns, in any order (RFC 4180; UTF-8, BOM or not).

    `optional` columns may be left out; then no row has them.
    """
    if len(data) > MAX_BYTES:
        return [], [Fault("/", f"The file is larger than {MAX_BYTES >> 20} MiB. Split it.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [_not_utf8(data, error)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        faults = _heading_faults(heading, columns, optional)
        return ([], faults) if faults else _rows(reader, heading)
    except csv.Error as error:
        detail = f"This is not CSV: {error}. Check the quotation marks around this line."
        return [], [Fault(f"/{reader.line_num}", detail)]


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Fault:
    line = data.count(b"\n", 0, error.start) + 1
    kind = next((name for mark, name in _BOMS if data.startswith(mark)), "another encoding")
    return Fault(f"/{line}", f"The file is in {kind}, not UTF-8. Save it as “CSV UTF-8”.")


def _heading_faults(
    heading: list[str], columns: Sequence[str], optional: Sequence[str]
) -> list[Fault]:
    wanted = ",".join(columns)
    if not any(heading):
        return [Fault("/1", f"The file is empty. Its first line is {wanted}")]
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(heading) == 1 and sign in heading[0]:
            return [Fault("/1", f"The columns are separated by {name}. Save it with commas.")]
    missing = [c for c in columns if c not in heading]
    unknown = [c for c in heading if c not in (*columns, *optional)]
    faults = [
        Fault(f"/1/{c}", f"This column is missing. The first line is {wanted}") for c in missing
    ]
    faults += [
        Fault(f"/1/{c}", f"This column is not known. Remove it; the first line is {wanted}")
        for c in unknown
    ]
    twice = sorted({c for c in heading if heading.count(c) > 1 and c in (*columns, *optional)})
    return faults + [Fault(f"/1/{c}", "This column is there twice.") for c in twice]


def _rows(reader: Any, heading: list[str]) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) == len(heading):
                row = Row(line, dict(zip(heading, (c.strip() for c in cells), strict=True)))
                rows.append(row)
                faults += _cell_faults(row)
            else:
                detail = f"This row has {len(cells)} cells instead of {len(heading)}."
                faults.append(Fault(f"/{line}", detail))
        if len(rows) > MAX_ROWS:
            return [], [Fault("/", f"The file has more than {MAX_ROWS} rows. Split it.")]
        line = reader.line_num + 1
    if not rows and not faults:
        faults.append(Fault("/", "The file has a heading but no rows."))
    return rows, faults


def _cell_faults(row: Row) -> list[Fault]:
    return [
        row.fault(column, "There is a line break or control character in this cell. Remove it.")
        for column, cell in row.cells.items()
        if _CONTROL.search(cell)
    ]
