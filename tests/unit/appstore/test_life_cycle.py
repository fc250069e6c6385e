"""The life of a release has no back doors."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appstore.releases import NEXT, Release, ReleaseState
from appstore.releases.states import APPROVED, OFFERED, move
from appstore.vetting import VERSION
from muster.kernel.audit import Entry
from muster.kernel.clock import now
from muster.kernel.identity import NOBODY, Actor, system

MOVERS = (NOBODY, system("urgent release clock"), system("rollout health"))


def reachable(start: str, *, without: str = "") -> set[str]:
    seen, ahead = {start}, [start]
    while ahead:
        for state in NEXT[ahead.pop()] - seen - {without}:
            seen.add(state)
            ahead.append(state)
    return seen


def test_every_state_can_be_reached_from_an_upload() -> None:
    assert reachable("uploaded") == set(NEXT)


def test_nothing_reaches_a_terminal_without_a_review_and_an_approval() -> None:
    for gate in ("scanning", "needs_review", "approved"):
        assert reachable("uploaded", without=gate).isdisjoint(OFFERED)


def test_what_was_rejected_or_blocked_stays_so() -> None:
    assert NEXT["rejected"] == NEXT["blocked"] == frozenset()


def test_what_went_out_can_always_be_blocked() -> None:
    assert all("blocked" in NEXT[state] for state in APPROVED if state != "blocked")


def test_what_is_taken_out_is_offered_no_more() -> None:
    for gone in ("retired", "blocked"):
        assert reachable(gone).isdisjoint(OFFERED)


@given(st.lists(st.tuples(st.sampled_from(sorted(NEXT)), st.sampled_from(MOVERS)), max_size=30))
def test_no_sequence_of_moves_leaves_the_table_and_each_is_on_record(
    moves: list[tuple[str, Actor]],
) -> None:
    log: list[Entry] = []
    unit: Any = SimpleNamespace(
        record=log.append, now=now, kernel=SimpleNamespace(guard=SimpleNamespace(set_id="s"))
    )
    release = Release(state="uploaded")
    for to, mover in moves:
        before, recorded = release.state, len(log)
        if to in NEXT[before]:
            move(unit, mover, release, to, "why")
            last = log[-1]
            assert (last.actor_kind, last.client, last.reason) == (
                mover.kind,
                mover.app.name if mover.app else "",
                "why",
            )
            assert last.result == {"from": before, "to": to, "rules": VERSION}
        else:
            with pytest.raises(ReleaseState):
                move(unit, mover, release, to, "why")
            assert (release.state, len(log)) == (before, recorded)
