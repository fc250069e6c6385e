"""A flawed set of access policies stops the boot, and the message names the flaw."""

import pytest

from muster.kernel.errors import catalogue
from muster.kernel.guard import Action, Denied, GuardError
from muster.kernel.kernel import Kernel

from .conftest import ACTIONS, POLICIES, Build


def permit(condition: str, *, name: str = '@id("x")') -> str:
    return f'{name} permit (principal, action == Action::"thing.read", resource) when {{ {condition} }};'


READ = [Action("thing.read", "Thing")]


@pytest.mark.parametrize(
    ("policies", "flaw"),
    [
        (permit("resource.vipp"), "do not fit the schema"),
        (permit("resource.unit in principal.posts.warlock"), "do not fit the schema"),
        (permit("context.posture.compliantt"), "do not fit the schema"),
        (permit("resource.vip == 3"), "do not fit the schema"),
        (permit("true").replace("thing.read", "thing.raed"), "do not fit the schema"),
        ("permit (principal", "do not fit the schema"),
        (permit("true", name=""), "has no @id"),
        (permit("true") + permit("false"), "two policies are called 'x'"),
        (permit("true").replace("permit", "forbid"), "no policy permits: thing.read"),
        ("", "no policy permits: thing.read"),
    ],
)
def test_a_flawed_policy_stops_the_boot(build: Build, policies: str, flaw: str) -> None:
    with pytest.raises(GuardError, match=flaw):
        build(policies, READ)


def test_an_action_of_two_features_stops_the_boot(build: Build) -> None:
    with pytest.raises(GuardError, match=r"'thing\.read' is declared by two features"):
        build(permit("true"), [*READ, *READ])


def test_an_action_on_an_unknown_type_stops_the_boot(build: Build) -> None:
    with pytest.raises(GuardError, match="unknown type 'Nothing'"):
        build(permit("true"), [Action("thing.read", "Nothing")])


def test_an_action_no_route_offers_stops_the_boot(build: Build) -> None:
    offered = {action.name for action in ACTIONS} - {"thing.touch"}
    with pytest.raises(GuardError, match=r"no route mentions: thing\.touch"):
        build().check_mentioned(offered)


def test_a_route_that_names_an_unknown_action_stops_the_boot(build: Build) -> None:
    offered = {action.name for action in ACTIONS} | {"thing.tuoch"}
    with pytest.raises(GuardError, match=r"unknown actions: thing\.tuoch"):
        build().check_mentioned(offered)


def test_an_internal_action_needs_no_route_but_a_policy(build: Build) -> None:
    inside = [Action("thing.read", "Thing", internal=True)]
    build(permit("true"), inside).check_mentioned(set())
    with pytest.raises(GuardError, match="no policy permits"):
        build("", inside)


def test_two_sets_that_differ_have_different_names(build: Build) -> None:
    assert build().set_id == build().set_id
    assert build().set_id != build("// reviewed" + POLICIES).set_id


def test_every_refusal_a_policy_of_the_house_names_is_in_the_catalogue(kernel: Kernel) -> None:
    for name, rule in kernel.guard.rules.items():
        if rule.code:
            assert issubclass(catalogue()[rule.code], Denied), name
            assert rule.advice, name
