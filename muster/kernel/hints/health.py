"""How the carriers do, counted in the transactions that know it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select, update

from muster.kernel import observe
from muster.kernel.hints.models import HintCarrier
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Outcome = Literal["sent", "heard", "missed", "failed"]
_MOMENTS: Final = {"sent": "last_sent_at", "heard": "last_heard_at", "failed": "last_failed_at"}


def count(
    uow: "UnitOfWork", outcome: Outcome, by_carrier: Mapping[str, int], error: str = ""
) -> None:
    """Add to the carriers' counts; always the last rows of a unit, in one order."""
    for name, number in sorted(by_carrier.items()):
        changed: dict[str, object] = {outcome: number}
        if outcome in _MOMENTS:
            changed[_MOMENTS[outcome]] = uow.now()
        if error:
            changed["last_error"] = observe.scrub(error)[:300]
        row = {"sent": 0, "heard": 0, "missed": 0, "failed": 0, "last_error": ""} | changed
        added = insert_into(uow.kernel.db, HintCarrier).values(name=name, **row)
        more = changed | {outcome: getattr(HintCarrier, outcome) + number}
        uow.session.execute(added.on_conflict_do_update(index_elements=["name"], set_=more))


def pause(uow: "UnitOfWork", name: str, until: datetime) -> None:
    """Leave a carrier alone until a moment; its terminals are told by the next one meanwhile."""
    uow.session.execute(
        update(HintCarrier).where(HintCarrier.name == name).values(paused_until=until)
    )


def carriers(uow: "UnitOfWork") -> Sequence[HintCarrier]:
    """Return what became of each carrier's hints."""
    return uow.session.scalars(select(HintCarrier).order_by(HintCarrier.name)).all()
