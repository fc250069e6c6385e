"""Looks whether terminals came after their hints; those that did not are told by the next carrier."""

from collections import Counter as Tally
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from muster.kernel.hints import health
from muster.kernel.hints.models import HintState
from muster.kernel.hints.reach import Reach, reach
from muster.kernel.hints.telling import tell

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

_BATCH: Final = 500
_TURNS: Final = 40


def follow_up(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Handle `kern.hint.follow_up`: batch by batch, each in a short commit."""
    for _ in range(_TURNS):
        with kernel.writes() as uow:
            if _one_batch(uow) < _BATCH:
                return


def _one_batch(uow: "UnitOfWork") -> int:
    due = (
        select(HintState)
        .where(HintState.due_at <= uow.now())
        .order_by(HintState.due_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    states = uow.session.scalars(due).all()
    if states:
        _settle(uow, states)
    return len(states)


def _settle(uow: "UnitOfWork", states: Sequence[HintState]) -> None:
    found = reach(uow, [state.device_id for state in states])
    came = [state for state in states if _came(state, found[state.device_id])]
    silent = [state for state in states if not _came(state, found[state.device_id])]
    _close(uow, came, "heard")
    chosen = {state.device_id: found[state.device_id].best(state.carrier) for state in silent}
    missed = Tally(state.carrier for state in silent if state.outcome == "sent")
    _close(uow, [state for state in silent if not chosen[state.device_id]], "missed")
    again = {device_id: name for device_id, name in sorted(chosen.items()) if name}
    looks = {state.device_id: [state.look] for state in silent}
    health.count(uow, "heard", Tally(state.carrier for state in came))
    health.count(uow, "missed", missed)
    if again:
        tell(uow, again, looks)


def _came(state: HintState, found: Reach) -> bool:
    return (
        state.sent_at is not None and found.seen_at is not None and found.seen_at >= state.sent_at
    )


def _close(uow: "UnitOfWork", states: Sequence[HintState], outcome: str) -> None:
    if states:
        uow.session.execute(
            update(HintState)
            .where(HintState.device_id.in_([state.device_id for state in states]))
            .values(outcome=outcome, due_at=None)
            .execution_options(synchronize_session=False)
        )
