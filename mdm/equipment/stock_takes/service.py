"""What people do in a stock-take: begin, scan, look what is missing, close, report what is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select

from mdm.equipment import finding
from mdm.equipment import service as equipment
from mdm.equipment.models import Asset
from mdm.equipment.stock_takes.errors import (
    StockLineNotMissing,
    StockTakeClosed,
    StockTakeNotFound,
    StockTakeStillOpen,
    StockTakeTooLarge,
)
from mdm.equipment.stock_takes.models import StockLine, StockTake
from mdm.equipment.stock_takes.reckoning import EXPECTED, RESULTS, Line, reckon
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

MOST: Final = 20_000
"""Things that one stock-take can hold: closing writes one line for each that is missing."""
_BATCH: Final = 500


@dataclass(frozen=True)
class Count:
    """How far a stock-take is: what should be there, and the lines of each result."""

    expected: int
    present: int
    missing: int
    unexpected: int
    unknown: int


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[StockTake]:
    """Return up to `limit + 1` stock-takes the actor may read, newest first."""
    guard.require(uow, actor, "mdm.stock_take.list", guard.FORCE)
    query = select(StockTake).where(guard.visible(uow, actor, "mdm.stock_take.read", "StockTake"))
    if after is not None:
        query = query.where(StockTake.id < after)
    return uow.session.scalars(query.order_by(StockTake.id.desc()).limit(limit + 1)).all()


def begin(uow: UnitOfWork, actor: Actor, *, unit: str, note: str = "") -> StockTake:
    """Begin to count a unit and all below it. Raises `StockTakeTooLarge`."""
    counted = uow.kernel.people.by_code(unit)
    row = StockTake(id=uuid7(), unit_id=counted.id, note=note, opened_by=actor.id)
    row.created_at = uow.now()
    guard.require(uow, actor, "mdm.stock_take.begin", _target(uow, row)).note(unit=unit)
    _expected(uow, row)
    uow.session.add(row)
    return row


def read(uow: UnitOfWork, actor: Actor, take_id: UUID) -> StockTake:
    """Return one stock-take."""
    row = _find(uow, take_id)
    guard.require(uow, actor, "mdm.stock_take.read", _target(uow, row))
    return row


def count(uow: UnitOfWork, take: StockTake) -> Count:
    """Return how far a stock-take is; a closed one says what it was closed with."""
    if take.state == "closed":
        told = (take.present, take.missing, take.unexpected, take.unknown)
        return Count(take.present + take.missing, *told)
    query = (
        select(StockLine.result, func.count())
        .where(StockLine.stock_take_id == take.id)
        .group_by(StockLine.result)
    )
    found = dict(uow.session.execute(query).all())
    expected, present = _expected(uow, take), found.get("present", 0)
    gone = max(0, expected - present)
    return Count(expected, present, gone, found.get("unexpected", 0), found.get("unknown", 0))


def scan(uow: UnitOfWork, actor: Actor, take_id: UUID, scanned: Sequence[str]) -> list[StockLine]:
    """Count serial numbers, in the order given; one that was scanned before stays the one line.

    Raises `StockTakeClosed`.
    """
    take = _find(uow, take_id, lock=True)
    decision = guard.require(uow, actor, "mdm.stock_take.scan", _target(uow, take))
    if take.state != "open":
        raise StockTakeClosed
    wanted = list(dict.fromkeys(finding.printed(raw) for raw in scanned))
    known, path = finding.by_serial(uow, wanted), uow.kernel.people.unit(take.unit_id).path
    for serial in wanted:
        asset = known.get(serial)
        line = _reckoned(uow, asset, path)
        uow.session.execute(
            insert_into(uow.kernel.db, StockLine)
            .values(
                id=uuid7(),
                stock_take_id=take.id,
                serial=serial,
                asset_id=asset.id if asset else None,
                result=line.result,
                why=line.why,
                scanned_at=uow.now(),
                scanned_by=actor.id,
            )
            .on_conflict_do_nothing(index_elements=["stock_take_id", "serial"])
        )
    decision.note(scanned=len(wanted))
    rows = uow.session.scalars(
        select(StockLine).where(StockLine.stock_take_id == take.id, StockLine.serial.in_(wanted))
    )
    found = {row.serial: row for row in rows}
    return [found[serial] for serial in wanted]


def lines(
    uow: UnitOfWork,
    actor: Actor,
    take_id: UUID,
    *,
    result: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[StockLine]:
    """Return up to `limit + 1` lines of a stock-take, the latest first."""
    read(uow, actor, take_id)
    query = select(StockLine).where(StockLine.stock_take_id == take_id)
    if result:
        query = query.where(StockLine.result == result)
    if after is not None:
        query = query.where(StockLine.id < after)
    return uow.session.scalars(query.order_by(StockLine.id.desc()).limit(limit + 1)).all()


def missing(
    uow: UnitOfWork, actor: Actor, take_id: UUID, *, after: str = "", limit: int = 50
) -> Sequence[Asset]:
    """Return up to `limit + 1` things that an open stock-take has not seen yet, by serial number."""
    take = read(uow, actor, take_id)
    query = select(Asset).where(*_unseen(uow, take), Asset.serial > after)
    return uow.session.scalars(query.order_by(Asset.serial).limit(limit + 1)).all()


def close(uow: UnitOfWork, actor: Actor, take_id: UUID) -> StockTake:
    """Write the result down for good: every scan reckoned anew, and what nobody saw as missing."""
    take = _find(uow, take_id, lock=True)
    guard.require(uow, actor, "mdm.stock_take.close", _target(uow, take))
    if take.state == "closed":
        return take
    _reckon_anew(uow, take)
    gone = uow.session.execute(select(Asset.id, Asset.serial).where(*_unseen(uow, take))).all()
    for at in range(0, len(gone), _BATCH):
        uow.session.execute(
            insert(StockLine),
            [
                {
                    "id": uuid7(),
                    "stock_take_id": take.id,
                    "serial": row.serial,
                    "asset_id": row.id,
                    "result": "missing",
                }
                for row in gone[at : at + _BATCH]
            ],
        )
    counted = dict(
        uow.session.execute(
            select(StockLine.result, func.count())
            .where(StockLine.stock_take_id == take.id)
            .group_by(StockLine.result)
        ).all()
    )
    for result in RESULTS:
        setattr(take, result, counted.get(result, 0))
    take.state, take.closed_at, take.closed_by = "closed", uow.now(), actor.id
    return take


def report_missing(
    uow: UnitOfWork, actor: Actor, take_id: UUID, asset_id: UUID, reason: str
) -> StockLine:
    """Report one thing lost that a closed stock-take did not find; its terminal is blocked at once.

    Raises `StockTakeStillOpen`, `StockLineNotMissing` and what `equipment.move` raises.
    """
    take = read(uow, actor, take_id)
    if take.state != "closed":
        raise StockTakeStillOpen
    line = uow.session.scalar(
        select(StockLine).where(StockLine.stock_take_id == take_id, StockLine.asset_id == asset_id)
    )
    if line is None or line.result != "missing":
        raise StockLineNotMissing
    if line.reported_at is None:
        equipment.move(uow, actor, asset_id, "report_lost", reason=reason)
        line.reported_at = uow.now()
    return line


def _reckon_anew(uow: UnitOfWork, take: StockTake) -> None:
    path = uow.kernel.people.unit(take.unit_id).path
    after: UUID | None = None
    while True:
        query = select(StockLine).where(StockLine.stock_take_id == take.id)
        if after is not None:
            query = query.where(StockLine.id > after)
        rows = uow.session.scalars(query.order_by(StockLine.id).limit(_BATCH)).all()
        if not rows:
            return
        known = finding.by_serial(uow, [row.serial for row in rows])
        for row in rows:
            asset = known.get(row.serial)
            line = _reckoned(uow, asset, path)
            row.asset_id = asset.id if asset else None
            row.result, row.why = line.result, line.why
        uow.session.flush()
        after = rows[-1].id


def _reckoned(uow: UnitOfWork, asset: Asset | None, path: str) -> Line:
    if asset is None:
        return reckon(None, here=False)
    here = uow.kernel.people.unit(asset.unit_id).path.startswith(path)
    return reckon(asset.stage, here=here)


def _due(uow: UnitOfWork, take: StockTake) -> list[ColumnElement[bool]]:
    """What must show up in the unit and below it."""
    path = uow.kernel.people.unit(take.unit_id).path
    below = select(Unit.id).where(func.substr(Unit.path, 1, len(path)) == path)
    return [Asset.unit_id.in_(below), Asset.stage.in_(EXPECTED)]


def _unseen(uow: UnitOfWork, take: StockTake) -> list[ColumnElement[bool]]:
    seen = select(StockLine.id).where(
        StockLine.stock_take_id == take.id, StockLine.serial == Asset.serial
    )
    return [*_due(uow, take), ~seen.exists()]


def _expected(uow: UnitOfWork, take: StockTake) -> int:
    some = select(Asset.id).where(*_due(uow, take)).limit(MOST + 1).subquery()
    number = uow.session.scalar(select(func.count()).select_from(some)) or 0
    if number > MOST:
        raise StockTakeTooLarge
    return number


def _find(uow: UnitOfWork, take_id: UUID, *, lock: bool = False) -> StockTake:
    row = uow.session.get(StockTake, take_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise StockTakeNotFound
    return row


def _target(uow: UnitOfWork, row: StockTake) -> Target:
    return Target("StockTake", str(row.id), unit=uow.kernel.people.unit(row.unit_id).path)
