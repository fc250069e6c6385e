"""The weekly job: puts into the queue what is to be reviewed, and records how it was drawn."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Row, or_, select

from muster.kernel import clock, notices
from muster.kernel.audit import operations
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.models import ENTRIES
from muster.kernel.audit.review.models import ReviewItem
from muster.kernel.audit.review.sampling import SHARE, Act, bursts, sample
from muster.kernel.audit.standing import standing
from muster.kernel.guard import Audited
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

DRAW: Final = "audit.review.draw"
EVERY: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=31)  # what a worker that was down for months makes up for
DUE: Final = {
    "sample": timedelta(days=14),
    "denied_burst": timedelta(days=14),
    "break_glass": timedelta(hours=72),
}
_GLASS: Final = "break_glass"
_CHUNK: Final = 2_000


def draw(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Draw from everything since the last draw; what is in the queue already is not put twice."""
    with kernel.reads() as uow:
        until = uow.now()
        since = max(_last(uow) or until - EVERY, until - LONGEST)
        seed = standing(uow)
        acts = list(_acts(uow, _lookups(kernel), since, until))
        denials = list(_acts(uow, ENTRIES.c.outcome == "denied", since, until))
    drawn = sample((act for act in acts if not act.broke_glass), seed.root)
    found = [
        *((act, "break_glass", 1) for act in acts if act.broke_glass),
        *((act, "sample", 1) for act in drawn),
        *((burst.first, "denied_burst", burst.count) for burst in bursts(denials)),
    ]
    told = {
        "since": clock.rfc3339(since),
        "until": clock.rfc3339(until),
        "seed_size": seed.sealed,
        "share": str(SHARE),
        "look_ups": len(acts),
    }
    with kernel.writes() as uow:
        fresh = _put(uow, found)
        uow.record(
            Entry(
                action=DRAW,
                outcome="done",
                actor_kind="system",
                actor_label=DRAW,
                result={**told, "items": fresh},
                at=until,
            )
        )
        if fresh:
            notices.send(
                uow,
                "audit.reviews_drawn",
                role="auditor",
                subject_key=until.date().isoformat(),
                params={"items": fresh},
                link="/console/audit/reviews",
            )


def _last(uow: "UnitOfWork") -> datetime | None:
    query = select(ENTRIES.c.at).where(ENTRIES.c.action == DRAW, ENTRIES.c.outcome == "done")
    return uow.session.scalar(query.order_by(ENTRIES.c.n.desc()).limit(1))


def _lookups(kernel: "Kernel") -> ColumnElement[bool]:
    """What officers ask about people: each with an entry of its own, and whatever broke a glass."""
    asked = [
        action.name
        for action in kernel.guard.actions.values()
        if "data" in action.groups
        and action.audited is Audited.ALWAYS
        and operations.of(action.name, action.operation) in ("consultation", "combination")
    ]
    named = or_(ENTRIES.c.action.in_(asked), ENTRIES.c.action.contains(_GLASS))
    return (ENTRIES.c.outcome == "permitted") & named


def _acts(
    uow: "UnitOfWork", where: ColumnElement[bool], since: datetime, until: datetime
) -> Iterator[Act]:
    query = select(
        *(ENTRIES.c[name] for name in ("n", "id", "at", "actor_id", "unit_id", "action")),
        ENTRIES.c.case_ref,
        ENTRIES.c.canonical,
    ).where(
        where,
        ENTRIES.c.actor_kind == "officer",
        ENTRIES.c.actor_id.is_not(None),
        ENTRIES.c.unit_id.is_not(None),
        ENTRIES.c.at >= since,
        ENTRIES.c.at < until,
    )
    query, after = query.order_by(ENTRIES.c.n).limit(_CHUNK), 0
    while rows := uow.session.execute(query.where(ENTRIES.c.n > after)).all():
        yield from map(_act, rows)
        after = rows[-1].n


def _act(row: Row[*tuple[Any, ...]]) -> Act:
    glass = _GLASS in row.action
    if not glass and _GLASS.encode() in row.canonical:
        glass = bool(json.loads(row.canonical).get("result", {}).get(_GLASS))
    return Act(row.id, row.at, row.actor_id, row.unit_id, row.action, row.case_ref, glass)


def _put(uow: "UnitOfWork", found: Sequence[tuple[Act, str, int]]) -> int:
    ids = {act.id for act, _, _ in found}
    query = select(ReviewItem.kind, ReviewItem.entry_id).where(ReviewItem.entry_id.in_(ids))
    known = {tuple(row) for row in uow.session.execute(query)}
    fresh = [one for one in found if (one[1], one[0].id) not in known]
    uow.session.add_all(_item(uow, *one) for one in fresh)
    return len(fresh)


def _item(uow: "UnitOfWork", act: Act, kind: str, count: int) -> ReviewItem:
    return ReviewItem(
        id=uuid7(),
        kind=kind,
        entry_id=act.id,
        action=act.action,
        case_ref=act.case_ref,
        happened_at=act.at,
        count=count,
        officer_id=act.officer_id,
        unit_id=act.unit_id,
        due_at=uow.now() + DUE[kind],
    )
