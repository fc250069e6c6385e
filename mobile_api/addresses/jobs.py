"""From rows to the artefact: built aside, stored as a shared blob, then searched by everybody."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select

from mobile_api import layers
from mobile_api.addresses.events import AddressBookBuilt
from mobile_api.addresses.importer import KIND
from mobile_api.addresses.models import AddressBookRow, AddressRow
from mobile_api.imports import ImportInForce, current
from muster.kernel import jobs
from muster.kernel.blobs import Stored
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.ondevice.addresses import Address, AddressError
from muster.ondevice.addresses import build as build_book

BUILD: Final = "field.addresses.build"
MEDIA_TYPE: Final = "application/vnd.sqlite3"
_PAGE: Final = 2000
_PARTS: Final = (
    "district",
    "street_zh",
    "street_en",
    "number",
    "building",
    "community_zh",
    "community_en",
    "beat",
)


def wish(uow: UnitOfWork, event: ImportInForce) -> None:
    """Ask for the artefact when a file of addresses is in force."""
    if event.kind == KIND:
        key = f"{BUILD}:{event.import_id}"
        jobs.enqueue(uow, BUILD, {"import_id": str(event.import_id)}, key=key)


def build(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Build the artefact of an import, unless it is built or a newer file is in force."""
    import_id = UUID(payload["import_id"])
    with kernel.reads() as uow:
        version = current(uow, [KIND]).get(KIND)
        if version is None or version.id != import_id:
            return
        if uow.session.get(AddressBookRow, import_id) is not None:
            return
        home = layers.names(uow, "city")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "addresses.sqlite"
        try:
            rows = build_book(
                path, _addresses(kernel, import_id), version=str(import_id), home_names=home
            )
        except AddressError as error:
            raise jobs.GiveUp(str(error)) from error
        stored = kernel.blobs.store_shared(path)
    with kernel.writes() as uow:
        _publish(uow, import_id, stored, rows)
    _forget_older(kernel, import_id)


def _publish(uow: UnitOfWork, import_id: UUID, stored: Stored, rows: int) -> None:
    blob = uow.kernel.blobs.record(uow, stored, MEDIA_TYPE)
    book = AddressBookRow(
        import_id=import_id,
        blob_id=blob.id,
        sha256=stored.sha256,
        size=stored.size,
        rows=rows,
        built_at=uow.now(),
    )
    uow.session.add(book)
    uow.emit(AddressBookBuilt(import_id=import_id))


def _addresses(kernel: Kernel, import_id: UUID) -> Iterator[Address]:
    """Yield an import's addresses in the order of their codes, one short reading per page."""
    after = ""
    while True:
        page = (
            select(AddressRow)
            .where(AddressRow.import_id == import_id, AddressRow.code > after)
            .order_by(AddressRow.code)
            .limit(_PAGE)
        )
        with kernel.reads() as uow:
            rows = uow.session.scalars(page).all()
        if not rows:
            return
        yield from map(_address, rows)
        after = rows[-1].code


def _address(row: AddressRow) -> Address:
    parts = {name: value for name in _PARTS if (value := getattr(row, name))}
    aliases = (row.text_en,) if row.text_en else ()
    return Address(
        row.code, row.text_zh, row.lon, row.lat, level="door", aliases=aliases, parts=parts
    )


def _forget_older(kernel: Kernel, import_id: UUID) -> None:
    """Delete rows of files before this one: their artefacts are complete without them."""
    older = select(AddressRow.import_id).where(AddressRow.import_id < import_id).distinct()
    with kernel.reads() as uow:
        gone = list(uow.session.scalars(older))
    for old in gone:
        with kernel.writes() as uow:
            uow.session.execute(delete(AddressRow).where(AddressRow.import_id == old))
