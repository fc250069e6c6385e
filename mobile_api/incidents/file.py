"""`incidents.csv`: listed incidents are brought up to date, the others stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from mobile_api.imports import Cells, Importer, ImportVersion, Reading, bring, csv_reading
from mobile_api.incidents.collection import NAME
from mobile_api.incidents.models import Incident
from mobile_api.scopes import unit_scope, units_by_code
from muster.kernel.uow import UnitOfWork
from offline_sync import touch

COLUMNS: Final = (
    "number", "kind", "summary_zh", "summary_en", "address", "place", "lon", "lat", "unit",
    "beat", "reported_at", "state",
)  # fmt: skip
STATES: Final = ("open", "closed")


def _read(uow: UnitOfWork, data: bytes) -> Reading:
    units = units_by_code(uow)
    return csv_reading(data, COLUMNS, lambda cells: _draft(cells, units), key="number")


def _draft(cells: Cells, units: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "number": cells.text("number", 64),
        "kind": cells.text("kind", 64),
        "summary_zh": cells.text("summary_zh", 500, required=False),
        "summary_en": cells.text("summary_en", 500, required=False),
        "address": cells.text("address", 64, required=False),
        "place": cells.text("place", 300, required=False),
        "lon": cells.degrees("lon", 180),
        "lat": cells.degrees("lat", 90),
        "unit_id": cells.known("unit", units, "unit"),
        "beat": cells.text("beat", 64, required=False),
        "reported_at": cells.moment("reported_at"),
        "state": cells.choice("state", STATES),
    }


def _write(uow: UnitOfWork, version: ImportVersion, rows: Sequence[dict[str, Any]]) -> None:
    for incident in bring(uow, Incident, rows):
        code = uow.kernel.people.unit(incident.unit_id).code
        touch(uow, NAME, incident.id, incident.rev, [unit_scope(code)])


IMPORTER: Final = Importer("incidents", _read, _write)
