"""The file of addresses, as the imports room takes it: `addresses.csv`, WGS-84, UTF-8."""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import insert

from mobile_api.addresses.models import AddressRow
from mobile_api.imports import Cells, Importer, ImportVersion, Reading, csv_reading
from muster.kernel.uow import UnitOfWork

KIND: Final = "addresses"
_COLUMNS = (
    "code",
    "text_zh",
    "text_en",
    "district",
    "street_zh",
    "street_en",
    "number",
    "building",
    "community_zh",
    "community_en",
    "beat",
    "lon",
    "lat",
)
_OPTIONAL: Final = {
    "text_en": 300,
    "district": 64,
    "street_zh": 200,
    "street_en": 200,
    "number": 32,
    "building": 64,
    "community_zh": 200,
    "community_en": 200,
    "beat": 64,
}
_CODE = re.compile(r"[\w.\-]{1,64}")
_WORD = re.compile(r"\w")
_BATCH = 2000


def _draft(cells: Cells) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": cells.text("code", 64),
        "text_zh": cells.text("text_zh", 300),
        "lon": cells.degrees("lon", 180),
        "lat": cells.degrees("lat", 90),
    }
    for column, longest in _OPTIONAL.items():
        row[column] = cells.text(column, longest, required=False)
    if row["code"] and not _CODE.fullmatch(row["code"]):
        cells.fault("code", "A code has letters, digits, dots and dashes only.")
    if row["text_zh"] and not _WORD.search(row["text_zh"]):
        cells.fault("text_zh", "There is no letter or digit to search for in this cell.")
    return row


def _read(uow: UnitOfWork, data: bytes) -> Reading:
    return csv_reading(data, _COLUMNS, _draft, key="code")


def _write(uow: UnitOfWork, version: ImportVersion, drafts: Sequence[dict[str, Any]]) -> None:
    uow.session.execute(
        insert(AddressRow), [{"import_id": version.id, **draft} for draft in drafts]
    )


IMPORTER = Importer(KIND, _read, _write, _BATCH)
