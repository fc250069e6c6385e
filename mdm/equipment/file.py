"""Equipment as a CSV file: good rows are taken, bad ones are listed; the same file twice is once."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from mdm.devices.classes import CLASSES
from mdm.equipment import finding, serials, sheets, stages
from mdm.equipment import service as equipment
from mdm.equipment.finding import Item
from mdm.equipment.models import Asset
from mdm.equipment.register import AssetQuery, page_of
from mdm.equipment.service import Details
from mdm.equipment.sheets import Cells, Taken
from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

NEEDED: Final = ("serial", "model", "unit")
OPTIONAL: Final = (
    "imei", "vendor", "device_class", "purchased_on", "warranty_until", "note",
    "stage", "holder",
)  # fmt: skip
HEADING: Final = (*NEEDED, *OPTIONAL)
_FIRST_STAGES: Final = ("procured", "in_stock")
_COPIED: Final = (
    "imei",
    "model",
    "vendor",
    "device_class",
    "note",
    "purchased_on",
    "warranty_until",
)
_BATCH: Final = 500
EXPORTED: Final = 5000
"""Rows of one exported file; the answer says where the next one begins."""


def take(uow: UnitOfWork, actor: Actor, data: bytes, *, dry_run: bool = False) -> Taken:
    """Take a file of equipment; `stage` counts for new rows only, `holder` never.

    Give a unit of work that reads: rows are written in short units of their own, by serial number,
    so that a file that was cut off may be sent again. Raises `EquipmentFile`.
    """
    decision = guard.require(uow, actor, "mdm.asset.import", guard.FORCE)
    rows, flaws = sheets.read(data, NEEDED, OPTIONAL, "serial")
    taken = Taken(dry_run=dry_run, faults=flaws)
    drafts = [(cells, _draft(cells)) for cells in rows]
    for at in range(0, len(drafts), _BATCH):
        batch = drafts[at : at + _BATCH]
        with uow.kernel.reads() if dry_run else uow.kernel.writes() as unit:
            _take_batch(unit, actor, batch, taken)
    taken.refused = len({flaw.line for flaw in taken.faults})
    taken.faults.sort(key=lambda flaw: flaw.line)
    decision.note(added=taken.added, changed=taken.changed, refused=taken.refused, dry_run=dry_run)
    return taken


def export(
    uow: UnitOfWork, actor: Actor, query: AssetQuery, *, after: UUID | None = None
) -> tuple[str, UUID | None]:
    """Return up to `EXPORTED` things the actor may read as CSV, and where the next file begins."""
    decision = guard.require(uow, actor, "mdm.asset.download", guard.FORCE)
    rows = page_of(uow, actor, query, after=after, limit=EXPORTED)
    shown = rows[:EXPORTED]
    decision.note(rows=len(shown))
    further = shown[-1].id if len(rows) > EXPORTED else None
    return sheets.written(HEADING, map(_exported, shown)), further


def _take_batch(
    uow: UnitOfWork, actor: Actor, batch: Sequence[tuple[Cells, Details]], taken: Taken
) -> None:
    known = finding.by_serial(uow, [details.serial for _, details in batch])
    added: dict[str, Asset] = {}
    for cells, details in batch:
        asset = known.get(details.serial)
        unit_id = _unit(uow, actor, cells, details, asset)
        if cells.flaws or unit_id is None:
            taken.faults.extend(cells.flaws)
            continue
        taken.count(_fate(asset, details, unit_id))
        if taken.dry_run:
            continue
        if asset is None:
            stage = details.stage if details.stage in _FIRST_STAGES else "in_stock"
            asset = Asset(id=uuid7(), stage=stage, stage_at=uow.now())
            added[cells.text("serial", 64)] = asset
            uow.session.add(asset)
        equipment.write(asset, details)
        asset.unit_id = unit_id
    if added:
        uow.session.flush()
        equipment.link(uow, added)


def _unit(
    uow: UnitOfWork, actor: Actor, cells: Cells, details: Details, asset: Asset | None
) -> UUID | None:
    """Return the unit's id if the actor may put this thing there, and take it from where it is."""
    try:
        unit = uow.kernel.people.by_code(details.unit)
    except NotFound:
        cells.flaw("unit", f"There is no unit {details.unit!r}.")
        return None
    here = Target("Asset", "*", {"stage": details.stage}, unit=unit.path)
    if not guard.may(uow, actor, "mdm.asset.register", here):
        cells.flaw("unit", "You may not register equipment for this unit.")
    elif asset is not None and not guard.may(
        uow, actor, "mdm.asset.change", finding.target(uow, asset)
    ):
        cells.flaw("serial", "This serial number belongs to a unit that is not yours.")
    return unit.id


def _fate(asset: Asset | None, details: Details, unit_id: UUID) -> str:
    if asset is None:
        return "added"
    same = all(getattr(asset, name) == getattr(details, name) for name in _COPIED)
    return "unchanged" if same and asset.unit_id == unit_id else "changed"


def _draft(cells: Cells) -> Details:
    return Details(
        serial=cells.printed("serial", serials.serial),
        unit=cells.text("unit", 64),
        imei=cells.printed("imei", serials.imei),
        model=cells.text("model", 100),
        vendor=cells.text("vendor", 100),
        device_class=cells.choice("device_class", CLASSES, "handheld"),
        purchased_on=cells.day("purchased_on"),
        warranty_until=cells.day("warranty_until"),
        note=cells.text("note", 1000),
        stage=cells.choice("stage", stages.STAGES, "in_stock"),
    )


def _exported(item: Item) -> list[object]:
    asset = item.asset
    holder = item.holder.number if item.holder else item.pool.code if item.pool else ""
    others = {"unit": item.unit.code, "holder": holder}
    return [others[name] if name in others else getattr(asset, name) for name in HEADING]
