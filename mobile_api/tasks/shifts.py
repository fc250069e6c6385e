"""`shifts.csv`: a shift of the same officer and start is replaced."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select

from mobile_api.imports import Cells, Importer, ImportVersion, Reading, csv_reading
from mobile_api.tasks.models import Shift
from muster.kernel.identity import Officer
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

COLUMNS: Final = ("officer", "beat", "starts_at", "ends_at")
_BATCH: Final = 500


def officers_by_number(uow: UnitOfWork) -> dict[str, UUID]:
    """Return the ids of officers in service by their number."""
    numbers = select(Officer.number, Officer.id).where(Officer.state != "left")
    return {row.number: row.id for row in uow.session.execute(numbers)}


def _read(uow: UnitOfWork, data: bytes) -> Reading:
    officers = officers_by_number(uow)
    return csv_reading(data, COLUMNS, lambda cells: _draft(cells, officers))


def _draft(cells: Cells, officers: Mapping[str, UUID]) -> dict[str, Any]:
    starts, ends = cells.moment("starts_at"), cells.moment("ends_at")
    if ends <= starts:
        cells.fault("ends_at", "The shift ends before it starts.")
    return {
        "officer_id": cells.known("officer", officers, "officer"),
        "beat": cells.text("beat", 64),
        "starts_at": starts,
        "ends_at": ends,
    }


def _write(uow: UnitOfWork, version: ImportVersion, rows: Sequence[dict[str, Any]]) -> None:
    unique = {(row["officer_id"], row["starts_at"]): row for row in rows}
    shifts = [{"id": uuid7(), **row} for row in unique.values()]
    for at in range(0, len(shifts), _BATCH):
        batch = shifts[at : at + _BATCH]
        for row in batch:
            uow.session.execute(
                delete(Shift).where(
                    Shift.officer_id == row["officer_id"], Shift.starts_at == row["starts_at"]
                )
            )
        uow.session.execute(insert(Shift), batch)


IMPORTER: Final = Importer("shifts", _read, _write)
