"""`tasks.csv`: listed tasks are brought up to date, the others stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from mobile_api.imports import Cells, Importer, ImportVersion, Reading, bring, csv_reading
from mobile_api.scopes import unit_scope, units_by_code
from mobile_api.tasks.collection import NAME
from mobile_api.tasks.models import Task
from mobile_api.tasks.shifts import officers_by_number
from muster.kernel.uow import UnitOfWork
from offline_sync import touch

COLUMNS: Final = (
    "number", "kind", "title_zh", "title_en", "incident", "assignee", "unit", "beat", "due_at",
    "state",
)  # fmt: skip
STATES: Final = ("assigned", "accepted", "done", "cancelled")


def _read(uow: UnitOfWork, data: bytes) -> Reading:
    units, officers = units_by_code(uow), officers_by_number(uow)
    return csv_reading(data, COLUMNS, lambda cells: _draft(cells, units, officers), key="number")


def _draft(cells: Cells, units: Mapping[str, UUID], officers: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "number": cells.text("number", 64),
        "kind": cells.text("kind", 64),
        "title_zh": cells.text("title_zh", 300, required=False),
        "title_en": cells.text("title_en", 300, required=False),
        "incident": cells.text("incident", 64, required=False),
        "assignee": cells.text("assignee", 32),
        "assignee_id": cells.known("assignee", officers, "officer"),
        "unit_id": cells.known("unit", units, "unit"),
        "beat": cells.text("beat", 64, required=False),
        "due_at": cells.moment("due_at"),
        "state": cells.choice("state", STATES),
    }


def _write(uow: UnitOfWork, version: ImportVersion, rows: Sequence[dict[str, Any]]) -> None:
    for task in bring(uow, Task, rows):
        code = uow.kernel.people.unit(task.unit_id).code
        touch(uow, NAME, task.id, task.rev, [unit_scope(code)])


IMPORTER: Final = Importer("tasks", _read, _write)
