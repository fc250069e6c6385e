"""Writing register files: records, identifiers and names in bulk, under their version's id."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import insert

from mobile_api.imports import Cells, Importer, ImportVersion, Reading, csv_reading
from mobile_api.registers import files
from mobile_api.registers.files import Draft
from mobile_api.registers.models import (
    IdentRow,
    NameRow,
    PersonRecord,
    VehicleRecord,
    WantedRecord,
)
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Normalised, SubjectKind

_BATCH: Final = 2000

Model = type[PersonRecord] | type[VehicleRecord] | type[WantedRecord]


def _importer(
    kind: str, columns: Sequence[str], draft: Callable[[Cells], Draft], model: Model, key: str
) -> Importer:
    def read(uow: UnitOfWork, data: bytes) -> Reading:
        return csv_reading(data, columns, draft, key=key)

    def write(uow: UnitOfWork, version: ImportVersion, drafts: Sequence[Draft]) -> None:
        _write(uow, version, model, drafts)

    return Importer(kind, read, write, _BATCH)


def _write(uow: UnitOfWork, version: ImportVersion, model: Model, drafts: Sequence[Draft]) -> None:
    records: list[dict[str, Any]] = []
    idents: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for draft in drafts:
        filed = {"import_id": version.id, "record_id": uuid7()}
        records.append({"id": filed["record_id"], "import_id": version.id, **draft.columns})
        for reading in draft.subjects:
            named = reading.subject.kind is SubjectKind.NAME
            target, row = (names, _name_row) if named else (idents, _ident_row)
            target.append({"id": uuid7(), **filed, **row(reading)})
    for table, rows in ((model, records), (IdentRow, idents), (NameRow, names)):
        if rows:
            uow.session.execute(insert(table), rows)


def _ident_row(reading: Normalised) -> dict[str, str]:
    subject = reading.subject
    return {"kind": subject.kind, "norm": subject.normal_form, "folded": reading.folded}


def _name_row(reading: Normalised) -> dict[str, str]:
    norm, _, born = reading.subject.normal_form.partition("|")
    return {"norm": norm, "folded": reading.folded.partition("|")[0], "born": born}


IMPORTERS_HERE: Final = (
    _importer("persons", files.PERSONS, files.person, PersonRecord, "person_id"),
    _importer("vehicles", files.VEHICLES, files.vehicle, VehicleRecord, "plate"),
    _importer("wanted", files.WANTED, files.wanted, WantedRecord, "record_ref"),
)
