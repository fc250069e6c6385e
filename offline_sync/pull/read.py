"""The statements of a pull: one when nothing changed, two or three and the owner's when it did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, literal, or_, select, union_all

from muster.kernel.uow import UnitOfWork
from offline_sync.feed import Change as ChangeRow
from offline_sync.feed import Doc, DocScope
from offline_sync.feed.epoch import current_epoch
from offline_sync.pull.plan import Arm, Change, Counter
from offline_sync.scopes import Scope


@dataclass(frozen=True)
class Look:
    """Epoch and counters of one moment: of the scopes visible now, and of all asked about."""

    epoch: str
    visible: Mapping[UUID, Counter]
    counters: Mapping[UUID, Counter]


def look(uow: UnitOfWork, keys: Collection[str], known: Collection[UUID]) -> Look:
    """Read the epoch and every counter a pull needs, in one statement."""
    epoch = select(current_epoch().label("epoch")).subquery()
    wanted = or_(Scope.key.in_(sorted(keys)), Scope.id.in_(sorted(known)))
    rows = uow.session.execute(
        select(epoch.c.epoch, Scope.id, Scope.key, Scope.v, Scope.floor).select_from(
            epoch.outerjoin(Scope, wanted)
        )
    ).all()
    found = {row.id: (row.key, Counter(row.v, row.floor)) for row in rows if row.id is not None}
    return Look(
        epoch=rows[0].epoch or "",
        visible={sid: counter for sid, (key, counter) in found.items() if key in keys},
        counters={sid: counter for sid, (_, counter) in found.items()},
    )


def changes(
    uow: UnitOfWork, collection: str, plan: Sequence[Arm], visible: Collection[UUID], limit: int
) -> list[Change]:
    """Read the first changes of a plan in its order; each arm is one walk along an index."""
    parts = [
        _arm(number, arm, collection, visible, limit).subquery() for number, arm in enumerate(plan)
    ]
    rows = union_all(*(select(part) for part in parts)).subquery()
    ordered = select(rows).order_by(rows.c.arm, rows.c.seq).limit(limit)
    return [Change(*row) for row in uow.session.execute(ordered)]


def _arm(number: int, arm: Arm, collection: str, visible: Collection[UUID], limit: int) -> Any:
    if arm.gone:
        which = ~exists().where(
            DocScope.collection == collection,
            DocScope.doc_id == ChangeRow.doc_id,
            DocScope.scope_id.in_(sorted(visible)),
        )
    else:
        which = or_(ChangeRow.op == "PUT", ChangeRow.seq > arm.known)
    return (
        select(
            literal(number).label("arm"),
            ChangeRow.seq,
            ChangeRow.doc_id,
            literal("GONE").label("op") if arm.gone else ChangeRow.op,
            ChangeRow.rev,
        )
        .where(
            ChangeRow.scope_id == arm.scope_id,
            ChangeRow.collection == collection,
            ChangeRow.seq > arm.after,
            which,
        )
        .order_by(ChangeRow.seq)
        .limit(limit)
    )


def still_held(
    uow: UnitOfWork, collection: str, ids: Collection[str], visible: Collection[UUID]
) -> dict[str, int]:
    """Return the revisions of those documents that are in one of the scopes."""
    rows = uow.session.execute(
        select(Doc.id, Doc.rev)
        .where(Doc.collection == collection, Doc.id.in_(sorted(ids)))
        .where(_in_scopes(visible))
    )
    return {row.id: row.rev for row in rows}


def digest(uow: UnitOfWork, collection: str, visible: Collection[UUID]) -> tuple[int, int]:
    """Return how many documents the scopes hold, and the sum of their hashes."""
    count, total = uow.session.execute(
        select(func.count(), func.coalesce(func.sum(Doc.hash), 0)).where(
            Doc.collection == collection, _in_scopes(visible)
        )
    ).one()
    return int(count), int(total)


def _in_scopes(visible: Collection[UUID]) -> Any:
    return exists().where(
        and_(
            DocScope.collection == Doc.collection,
            DocScope.doc_id == Doc.id,
            DocScope.scope_id.in_(sorted(visible)),
        )
    )
