"""The force's own rules on top of the shipped ones: what may change, what may not, what is kept."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from muster.kernel.guard import Action, Guard, Own, Stored, Target
from muster.kernel.guard.shadow import Counted
from tests.factories.people import console

from .conftest import ACTIONS, POLICIES, Build

NOW = datetime.now(UTC)
OFFICER, AUDITOR = console("officer"), console("auditor")
THING = Target("Thing", "t-1", {"vip": False}, unit="/CITY/NORTH/")
AUDITORS = '@id("own.auditors") permit (principal is Officer, action == Action::"thing.read", resource) when { principal.posts has auditor };'
NIGHT = '@id("own.never") forbid (principal is Officer, action == Action::"thing.read", resource);'
STALE = NIGHT.replace(";", "\nwhen { resource.colour == 3 };")


@dataclass
class Shelf:
    """A source whose content a test changes."""

    stored: Stored

    def load(self) -> Stored:
        return self.stored

    def keep(self, number: int, counted: Counted) -> None:
        raise AssertionError("nothing runs in shadow")


def flaws(guard: Guard, text: str, *off: str) -> list[str]:
    made = guard.layer(Own(text, frozenset(off), 1))
    assert (made.edition is None) == bool(made.flaws)
    return [str(flaw) for flaw in made.flaws]


def may(guard: Guard, actor: Any, action: str = "thing.read") -> bool:
    return guard.decide(actor, action, THING, NOW).allowed


def test_a_force_adds_rules_and_switches_shipped_permits_off(build: Build) -> None:
    guard = build()
    assert may(guard, OFFICER)
    assert not may(guard, AUDITOR)
    guard._source = Shelf(Stored(1, Own(AUDITORS, frozenset(["thing.officers"]), 7)))
    guard.ensure(1)
    assert not may(guard, OFFICER)
    assert may(guard, AUDITOR)
    assert guard.rules["own.auditors"].layer == "force"
    assert guard.edition.number == 7


@pytest.mark.parametrize(
    ("text", "off", "reason"),
    [
        ("", "thing.vips-are-for-supervisors", "stays on"),
        ("", "purpose.required", "stays on"),
        ("", "terminals.agent-door", "stays on"),
        ("", "thing.unknown", "no shipped rule"),
        (AUDITORS.replace("own.auditors", "thing.officers"), "", "line 1, column 1: 'thing.off"),
        (AUDITORS.replace("own.auditors", "guard.policy-error"), "", "shipped"),
        (f"{AUDITORS}\n{AUDITORS}", "", "line 2, column 1: two policies are called 'own.auditors'"),
        (AUDITORS.replace('@id("own.auditors")', ""), "", "no @id"),
        (f"{AUDITORS}\n{STALE}", "", "line 3, column 17: attribute `colour`"),
    ],
)
def test_what_may_not_be_layered_is_refused_with_its_reason(
    build: Build, text: str, off: str, reason: str
) -> None:
    (flaw,) = flaws(build(), text, *filter(None, [off]))
    assert reason in flaw


def test_no_rule_of_a_force_gets_past_a_shipped_forbid(build: Build) -> None:
    guard = build()
    guard._source = Shelf(
        Stored(1, Own('@id("own.all") permit (principal, action, resource);', number=1))
    )
    guard.ensure(1)
    vip = Target("Thing", "t-1", {"vip": True}, unit="/CITY/NORTH/")
    assert may(guard, AUDITOR)
    refused = guard.decide(AUDITOR, "thing.read", vip, NOW)
    assert (refused.allowed, refused.policies) == (False, ("thing.vips-are-for-supervisors",))


def test_a_set_that_no_longer_fits_keeps_what_fits_and_stays_closed_where_it_does_not(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    """At three in the morning a release that renamed an attribute must open nothing, stop little."""
    gone = AUDITORS.replace("own.auditors", "own.gone").replace("posts has auditor", "warlock")
    repair = Action("thing.publish", "Thing", groups=("policy_repair",))
    ship = POLICIES + '@id("r") permit (principal, action == Action::"thing.publish", resource);'
    guard = build(ship, [*ACTIONS, repair])
    every = STALE.replace('action == Action::"thing.read"', "action").replace("own.never", "own.e")
    guard._source = Shelf(Stored(1, Own(f"{gone}\n{AUDITORS}\n{STALE}", number=3)))
    with caplog.at_level(logging.ERROR, "muster.guard"):
        guard.ensure(1)
    assert "set 3 does not fit this release: rule own.gone, line 1" in caplog.text
    assert "rule own.never, line 4, column 17" in caplog.text
    assert not may(guard, OFFICER)
    assert not may(guard, AUDITOR)
    assert may(guard, OFFICER, "thing.write")
    guard._source = Shelf(Stored(2, Own(every, number=4)))
    guard.ensure(2)
    assert not may(guard, OFFICER, "thing.write")
    assert may(guard, OFFICER, "thing.publish")
    guard._source = Shelf(Stored(3, Own("forbid ( this is no Cedar;", number=5)))
    guard.ensure(3)
    assert not may(guard, OFFICER, "thing.write")
    assert may(guard, OFFICER, "thing.publish")


def test_an_older_version_is_never_gone_back_to(build: Build) -> None:
    """A request whose gate row was read before a publication is judged by the newer set."""
    guard = build()
    guard._source = Shelf(Stored(5, Own(NIGHT, number=1)))
    guard.ensure(5)
    guard._source = Shelf(Stored(4, Own()))
    guard.ensure(4)
    assert not may(guard, OFFICER)


def test_a_source_that_fails_leaves_what_was_in_force(build: Build) -> None:
    class Away(Shelf):
        def load(self) -> Stored:
            raise ConnectionError

    guard = build()
    guard._source = Away(Stored())
    with pytest.raises(ConnectionError):
        guard.ensure(1)
    assert guard.standing.epoch == 0
    assert may(guard, OFFICER)
