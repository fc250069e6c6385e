"""A set in shadow is asked the same questions, decides nothing, and cannot hurt."""

from datetime import UTC, datetime
from typing import Any

import pytest

from muster.kernel.guard import Guard, Own, Stored, Target
from muster.kernel.guard import shadow as shadows
from muster.kernel.guard.shadow import Counted
from tests.factories.people import console

from .conftest import Build

NOW = datetime.now(UTC)
OFFICER, AUDITOR = console("officer"), console("auditor")
THING = Target("Thing", "t-1", {"vip": False}, unit="/CITY/NORTH/")
VIP = Target("Thing", "t-2", {"vip": True}, unit="/CITY/NORTH/")
CANDIDATE = """
@id("own.auditors")
permit (principal is Officer, action == Action::"thing.read", resource)
when { principal.posts has auditor };
@id("own.nobody-touches") forbid (principal, action == Action::"thing.touch", resource);
"""


class Book:
    """A source with a set in shadow; remembers what it was given to keep."""

    def __init__(self, text: str = CANDIDATE) -> None:
        self.text = text
        self.kept: list[tuple[int, Counted]] = []

    def load(self) -> Stored:
        return Stored(1, Own(), Own(self.text, number=9))

    def keep(self, number: int, counted: Counted) -> None:
        self.kept.append((number, counted))


def watched(build: Build, book: Any) -> Guard:
    guard = build()
    guard._source = book
    guard.ensure(1)
    assert guard.standing.shadow is not None
    return guard


def test_differences_are_counted_by_action_person_and_rule(build: Build) -> None:
    book = Book()
    guard = watched(build, book)
    assert not guard.decide(AUDITOR, "thing.read", THING, NOW).allowed
    for _ in range(3):
        assert guard.decide(OFFICER, "thing.touch", THING, NOW).allowed
    assert guard.decide(OFFICER, "thing.read", THING, NOW).allowed
    assert not guard.decide(OFFICER, "thing.read", VIP, NOW).allowed
    guard.close()
    (kept,) = book.kept
    assert kept[0] == 9
    assert (kept[1].compared, kept[1].missed) == (6, 0)
    assert {
        (one.action, one.actor_id, one.allowed, one.rules, count)
        for one, (count, _) in kept[1].differences.items()
    } == {
        ("thing.read", AUDITOR.id, True, ("own.auditors",), 1),
        ("thing.touch", OFFICER.id, False, ("own.nobody-touches",), 3),
    }


def test_a_candidate_that_fails_reaches_nobody(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book()
    guard = watched(build, book)
    shadow = guard.standing.shadow
    assert shadow is not None

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(shadow.candidate, "judge", broken)
    assert guard.decide(OFFICER, "thing.read", THING, NOW).allowed
    guard.close()
    assert [counted.missed for _, counted in book.kept] == [1]


def test_a_flood_is_counted_and_not_kept(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadows, "WAITING", 0)
    book = Book()
    guard = watched(build, book)
    for _ in range(4):
        guard.decide(OFFICER, "thing.read", THING, NOW)
    shadow = guard.standing.shadow
    assert shadow is not None
    shadow.flush()
    assert [(kept.compared, kept.missed) for _, kept in book.kept] == [(0, 4)]


def test_an_end_of_shadow_keeps_what_was_counted(build: Build) -> None:
    book = Book()
    guard = watched(build, book)
    guard.decide(AUDITOR, "thing.read", THING, NOW)
    guard._source = type("Over", (Book,), {"load": lambda _: Stored(2)})()
    guard.ensure(2)
    guard.close()
    assert guard.standing.shadow is None
    assert [counted.compared for _, counted in book.kept] == [1]


def test_a_set_that_does_not_fit_is_not_asked(build: Build) -> None:
    guard = build()
    guard._source = Book("nonsense")
    guard.ensure(1)
    assert guard.standing.shadow is None
    assert guard.decide(OFFICER, "thing.read", THING, NOW).allowed
