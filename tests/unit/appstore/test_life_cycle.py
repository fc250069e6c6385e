"""The life of a release has no back doors."""

from appstore.releases import NEXT
from appstore.releases.states import APPROVED, OFFERED


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
