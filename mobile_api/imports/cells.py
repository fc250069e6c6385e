"""Cells of a CSV row as typed values; what cannot be read becomes a fault with its line."""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from mobile_api.imports.ports import Reading
from muster.kernel.errors import Fault
from muster.kernel.identity import people_file
from muster.ondevice.subjects import Normalised, SubjectError, SubjectKind, normalise

T = TypeVar("T")
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Cells:
    """One row. Each method reads a column; after a fault it returns a harmless value."""

    def __init__(self, row: people_file.Row, faults: list[Fault]) -> None:
        self._row = row
        self._faults = faults

    def fault(self, column: str, detail: str) -> None:
        """Say what is wrong with a cell."""
        self._faults.append(self._row.fault(column, detail))

    def text(self, column: str, longest: int, *, required: bool = True) -> str:
        """Return a text of at most `longest` characters."""
        value = self._row.cells[column]
        if required and not value:
            self.fault(column, "This cell must not be empty.")
        if len(value) > longest:
            self.fault(column, f"At most {longest} characters fit here; this has {len(value)}.")
        return value

    def choice(self, column: str, values: Collection[str]) -> str:
        """Return one of a few words."""
        value = self._row.cells[column]
        if value not in values:
            self.fault(column, f"Write one of {', '.join(values)}.")
        return value

    def words(self, column: str, values: Collection[str]) -> list[str]:
        """Return none or more of a few words, written with `;` between them."""
        found = [word.strip() for word in self._row.cells[column].split(";") if word.strip()]
        unknown = [word for word in found if word not in values]
        if unknown:
            self.fault(column, f"{unknown[0]!r} is none of {', '.join(values)}.")
        return found

    def whole(self, column: str) -> int:
        """Return a whole number."""
        value = self._row.cells[column]
        if not _WHOLE.fullmatch(value):
            self.fault(column, "Write a whole number.")
            return 0
        return int(value)

    def degrees(self, column: str, bound: int) -> float:
        """Return WGS-84 degrees between -`bound` and `bound`."""
        try:
            value = float(self._row.cells[column])
        except ValueError:
            value = math.nan
        if not -bound <= value <= bound:
            self.fault(column, f"Write degrees between -{bound} and {bound}.")
            return 0.0
        return value

    def moment(self, column: str) -> datetime:
        """Return a moment; it must say its offset (RFC 3339)."""
        try:
            value = datetime.fromisoformat(self._row.cells[column])
            if value.tzinfo is not None:
                return value.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.fault(column, "Write a moment with its offset, as 2031-05-04T18:00:00Z.")
        return _EPOCH

    def day(self, column: str, *, required: bool = True) -> date | None:
        """Return a day, or None for an empty cell that may be empty."""
        value = self._row.cells[column]
        if not value and not required:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault(column, "Write a day as 2031-05-04.")
            return None

    def known(self, column: str, ids: Mapping[str, T], what: str) -> T | None:
        """Return what a code stands for; `what` names it in the fault."""
        value = self._row.cells[column]
        if value not in ids:
            self.fault(column, f"There is no {what} {value!r}.")
            return None
        return ids[value]

    def subject(
        self, column: str, kind: SubjectKind, *, required: bool = True
    ) -> Normalised | None:
        """Return an identifier as it is read; one that breaks its own rules is taken as it is."""
        value = self._row.cells[column]
        if not value and not required:
            return None
        try:
            return normalise(kind, value)
        except SubjectError as error:
            self.fault(column, f"{error}.")
            return None


def csv_reading(
    data: bytes, columns: Sequence[str], draft: Callable[[Cells], T | None], *, key: str = ""
) -> Reading:
    """Read a CSV file with exactly these columns (RFC 4180, UTF-8), one draft per row.

    `key` names a column whose value may stand in one row only.
    """
    rows, faults = people_file.read(data, columns)
    if key:
        faults += _repeated(rows, key)
    drafts = [draft(Cells(row, faults)) for row in rows]
    return Reading([one for one in drafts if one is not None], faults)


def _repeated(rows: Sequence[people_file.Row], key: str) -> list[Fault]:
    first: dict[str, int] = {}
    return [
        row.fault(key, f"This stands on line {line} already.")
        for row in rows
        if (line := first.setdefault(row.cells[key], row.line)) != row.line
    ]
