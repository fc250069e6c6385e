"""SIM cards as a CSV file, by ICCID; `serial` names the thing a card is in, empty for none."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mdm.equipment import finding, serials, sheets
from mdm.equipment.models import Asset
from mdm.equipment.sheets import Cells, Taken
from mdm.equipment.sims import service as cards
from mdm.equipment.sims.models import Sim
from mdm.equipment.sims.service import STATES, SimDetails, SimQuery
from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

NEEDED: Final = ("iccid", "number", "operator", "unit")
OPTIONAL: Final = ("state", "serial", "note")
HEADING: Final = (*NEEDED, *OPTIONAL)
EXPORTED: Final = 5000
_BATCH: Final = 500
_COPIED: Final = ("number", "operator", "state", "note")
Draft = tuple[Cells, SimDetails, str]


def take(uow: UnitOfWork, actor: Actor, data: bytes, *, dry_run: bool = False) -> Taken:
    """Take a file of cards, in a unit of work that reads, as `equipment.file.take` does.

    Without the column `serial` cards stay where they are. Raises `EquipmentFile`.
    """
    decision = guard.require(uow, actor, "mdm.sim.import", guard.FORCE)
    rows, flaws = sheets.read(data, NEEDED, OPTIONAL, "iccid")
    taken = Taken(dry_run=dry_run, faults=flaws)
    placed = b"serial" in data.splitlines()[0].lower()
    drafts = [_draft(cells) for cells in rows]
    for at in range(0, len(drafts), _BATCH):
        with uow.kernel.reads() if dry_run else uow.kernel.writes() as unit:
            _take_batch(unit, actor, drafts[at : at + _BATCH], taken, placed=placed)
    taken.refused = len({flaw.line for flaw in taken.faults})
    taken.faults.sort(key=lambda flaw: flaw.line)
    decision.note(added=taken.added, changed=taken.changed, refused=taken.refused, dry_run=dry_run)
    return taken


def export(
    uow: UnitOfWork, actor: Actor, query: SimQuery, *, after: UUID | None = None
) -> tuple[str, UUID | None]:
    """Return up to `EXPORTED` cards the actor may read as CSV, and where the next file begins."""
    rows = cards.listing(uow, actor, query, after=after, limit=EXPORTED)
    shown = rows[:EXPORTED]
    lines = [
        (
            card.sim.iccid,
            card.sim.number,
            card.sim.operator,
            card.unit.code,
            card.sim.state,
            card.asset.serial if card.asset else "",
            card.sim.note,
        )
        for card in shown
    ]
    return sheets.written(HEADING, lines), shown[-1].id if len(rows) > EXPORTED else None


def _take_batch(
    uow: UnitOfWork, actor: Actor, batch: Sequence[Draft], taken: Taken, *, placed: bool
) -> None:
    held = uow.session.scalars(select(Sim).where(Sim.iccid.in_([d.iccid for _, d, _ in batch])))
    known = {sim.iccid: sim for sim in held}
    assets = finding.by_serial(uow, [serial for _, _, serial in batch])
    for cells, details, serial in batch:
        sim, asset = known.get(details.iccid), assets.get(serial)
        unit_id = _checked(uow, actor, cells, details, sim)
        if serial and asset is None:
            cells.flaw("serial", f"There is no equipment {serial!r} in the book.")
        elif asset is not None and not guard.may(
            uow, actor, "mdm.asset.change", finding.target(uow, asset)
        ):
            cells.flaw("serial", "This equipment belongs to a unit that is not yours.")
        if not cells.flaws and unit_id is not None:
            wanted = asset if placed else None
            _take_row(uow, actor, cells, details, unit_id, sim, wanted, taken, placed=placed)
        taken.faults.extend(cells.flaws)


def _take_row(
    uow: UnitOfWork,
    actor: Actor,
    cells: Cells,
    details: SimDetails,
    unit_id: UUID,
    sim: Sim | None,
    asset: Asset | None,
    taken: Taken,
    *,
    placed: bool,
) -> None:
    asset_id = asset.id if asset else None
    moves = placed and (sim.asset_id if sim else None) != asset_id
    if moves and sim is not None and sim.asset_id is not None and asset_id is not None:
        cells.flaw("serial", "This card is in another piece of equipment. Take it out first.")
        return
    if moves and asset_id is not None and details.state not in cards.USABLE:
        cells.flaw("state", "A card that is lost or retired is in no equipment.")
        return
    same = sim is not None and all(getattr(sim, n) == getattr(details, n) for n in _COPIED)
    fate = "added" if sim is None else "unchanged" if same and not moves else "changed"
    if not taken.dry_run:
        row = sim or Sim(id=uuid7())
        cards.write(row, details)
        row.unit_id = unit_id
        if sim is None:
            uow.session.add(row)
            uow.session.flush()
        if moves:
            cards.put(uow, row, asset_id, by=actor.id)
    taken.count(fate)


def _checked(
    uow: UnitOfWork, actor: Actor, cells: Cells, details: SimDetails, sim: Sim | None
) -> UUID | None:
    try:
        unit = uow.kernel.people.by_code(details.unit)
    except NotFound:
        cells.flaw("unit", f"There is no unit {details.unit!r}.")
        return None
    if not guard.may(uow, actor, "mdm.sim.register", Target("Sim", "*", unit=unit.path)):
        cells.flaw("unit", "You may not register SIM cards for this unit.")
    elif sim is not None and not guard.may(uow, actor, "mdm.sim.change", cards.target(uow, sim)):
        cells.flaw("iccid", "This card belongs to a unit that is not yours.")
    return unit.id


def _draft(cells: Cells) -> Draft:
    details = SimDetails(
        iccid=cells.printed("iccid", serials.iccid),
        unit=cells.text("unit", 64),
        number=cells.printed("number", serials.number),
        operator=cells.text("operator", 100),
        state=cells.choice("state", STATES, "active"),
        note=cells.text("note", 1000),
    )
    serial = cells.text("serial", 64)
    return cells, details, finding.printed(serial) if serial else ""
