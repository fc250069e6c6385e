"""What a terminal still lacks: pure decisions over scopes, counters and its checkpoint.

Between two pulls a scope may have come into view, gone out of it, or changed. The plan lists the
stretches of the feed (`Arm`) to read, first those that take rows away; `settle` says where the
terminal stands after a page of them. Replaying any sequence of pages ends with exactly the rows
that are visible at the last one (proved by the property test).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from offline_sync.pull.checkpoint import Checkpoint, Position


@dataclass(frozen=True)
class Counter:
    """A scope as the server knows it: its counter, and where pruned history ends."""

    v: int
    floor: int


@dataclass(frozen=True)
class Arm:
    """A stretch of one scope's feed. `gone`: every document in it goes, unless held otherwise."""

    scope_id: UUID
    after: int
    known: int
    gone: bool


class Change(NamedTuple):
    """One row of an arm, by the arm's place in the plan; op is PUT, REMOVE, or GONE in a lost scope."""

    arm: int
    seq: int
    doc_id: str
    op: str
    rev: int


@dataclass(frozen=True)
class Standing:
    """Where a terminal stands in the scopes it holds and in those it loses."""

    live: Mapping[UUID, Position]
    gone: Mapping[UUID, Position]


def lost_history(checkpoint: Checkpoint, counters: Mapping[UUID, Counter]) -> bool:
    """Whether the server cannot tell what happened since: it was restored, or history is pruned."""
    settled = {sid: position.removals for sid, position in checkpoint.live.items()}
    settled |= {sid: position.known for sid, position in checkpoint.gone.items()}
    furthest = {**checkpoint.live, **checkpoint.gone}
    for scope_id, removals in settled.items():
        counter = counters.get(scope_id)
        if counter is None or max(furthest[scope_id]) > counter.v or removals < counter.floor:
            return True
    return False


def begin(checkpoint: Checkpoint | None, visible: Mapping[UUID, Counter], schema: int) -> Standing:
    """Return where the terminal stands before this page.

    A scope that comes back before all its rows were taken away is read from the start, but what
    was settled before it went stays settled. A new schema re-sends every row the same way.
    """
    if checkpoint is None:
        return Standing({sid: Position(0, counter.v) for sid, counter in visible.items()}, {})
    held, leaving = checkpoint.live, checkpoint.gone
    live = {}
    for scope_id, counter in visible.items():
        if scope_id in held and checkpoint.schema == schema:
            live[scope_id] = held[scope_id]
        elif scope_id in held:
            live[scope_id] = Position(0, held[scope_id].removals)
        elif scope_id in leaving:
            live[scope_id] = Position(0, leaving[scope_id].known)
        else:
            live[scope_id] = Position(0, counter.v)
    lost = {sid: Position(0, position.removals) for sid, position in held.items()}
    gone = {sid: p for sid, p in {**lost, **leaving}.items() if sid not in visible}
    return Standing(live, gone)


def arms(standing: Standing, visible: Mapping[UUID, Counter]) -> list[Arm]:
    """Return what is to be read, in order: what must go comes first."""
    losing = [Arm(sid, p.cursor, p.known, gone=True) for sid, p in sorted(standing.gone.items())]
    return losing + [
        Arm(sid, p.cursor, p.known, gone=False)
        for sid, p in sorted(standing.live.items())
        if p.cursor < visible[sid].v
    ]


def settle(
    standing: Standing,
    plan: Sequence[Arm],
    taken: Sequence[Change],
    visible: Mapping[UUID, Counter],
    *,
    more: bool,
) -> Standing:
    """Return where the terminal stands after it took these changes; `more` were left."""
    live, gone = dict(standing.live), dict(standing.gone)
    reached = taken[-1].arm if more else len(plan)
    for arm in plan[:reached]:
        if arm.gone:
            del gone[arm.scope_id]
        else:
            live[arm.scope_id] = Position(visible[arm.scope_id].v, arm.known)
    if more:
        arm = plan[reached]
        (gone if arm.gone else live)[arm.scope_id] = Position(taken[-1].seq, arm.known)
    return Standing(live, gone)
