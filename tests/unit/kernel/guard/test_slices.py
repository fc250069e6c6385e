"""A slice answers as the whole set would: random rules, people and things, errors included."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import cedarpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.guard import Guard, Own, Target, facts
from muster.kernel.guard.edition import ERRED, action_entity
from muster.kernel.identity import Actor
from tests.factories.people import console, field

from .conftest import Build

NOW = datetime.now(UTC)
PATHS = ["/CITY/", "/CITY/NORTH/", "/CITY/NORTH/N1/", "/CITY/SOUTH/", "/OTHER/"]
CODES = ["CITY", "NORTH", "N1", "SOUTH", "OTHER", "NOWHERE"]
PEOPLE = [
    console("officer", unit="/CITY/NORTH/N1/"),
    console("supervisor@CITY", unit="/CITY/SOUTH/", sworn=False),
    field("officer", unit="/CITY/", duty_until=NOW + timedelta(hours=1)),
    console("auditor", unit="/OTHER/", rank=0),
]
TARGETS = [
    Target("Thing", "t-1", attributes, unit=unit)
    for unit in (*PATHS, None)
    for attributes in ({"vip": True}, {"vip": False}, {})
]
units = st.sampled_from(CODES).map(lambda code: f'Unit::"{code}"')
sets = st.lists(units, min_size=1, max_size=3).map(lambda codes: f"[{', '.join(codes)}]")
of_units = st.builds(
    "{}.unit {}".format,
    st.sampled_from(["resource", "principal"]),
    st.one_of(
        st.builds("in {}".format, units),
        st.builds("in {}".format, sets),
        st.builds("== {}".format, units),
    ),
)
part = st.one_of(
    of_units,
    of_units,
    st.sampled_from(
        [
            "resource has unit",
            "resource.vip",
            "!resource.vip",
            "principal.sworn",
            "principal.rank > 1",
        ]
    ),
)
condition = st.lists(part, min_size=1, max_size=4).map(" && ".join)
conditions = st.one_of(condition, st.builds("({}) || ({})".format, condition, condition))
scopes = st.sampled_from(
    [
        "principal, action, resource",
        'principal is Officer, action == Action::"thing.read", resource',
        'principal is Officer, action in Action::"data", resource',
        'principal is Officer, action in [Action::"thing.write", Action::"thing.touch"], resource is Thing',
        "principal is Terminal, action, resource",
    ]
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Draw a set in which rules bound to units are frequent."""
    return "\n".join(
        f'@id("r{number}") {draw(st.sampled_from(["permit", "permit", "forbid"]))} ({draw(scopes)}) '
        f"{draw(st.sampled_from(['when', 'when', 'unless']))} {{ {draw(conditions)} }};"
        for number in range(draw(st.integers(1, 6)))
    )


def whole(
    guard: Guard, policies: cedarpy.PolicySet, actor: Actor, action: str, target: Target
) -> tuple[bool, tuple[str, ...]]:
    """Ask the set as one text, without slices or kept handles."""
    who = facts.subject(actor, NOW)
    known = {
        str(entity["uid"]): entity
        for entity in [
            *who.entities,
            *facts.resource(target),
            *(action_entity(one) for one in guard.actions.values()),
        ]
    }
    result = cedarpy.is_authorized(
        {
            "principal": {"type": who.kind, "id": who.id},
            "action": {"type": "Action", "id": action},
            "resource": {"type": target.type, "id": target.id},
            "context": facts.context(actor, guard.settings, NOW, "", ""),
        },
        policies,
        json.dumps(list(known.values())),
    )
    named = tuple(sorted(result.diagnostics.id_annotations_by_reason.values()))
    if result.diagnostics.errors:
        return False, (ERRED, *named)
    return result.allowed, named


def test_a_slice_answers_as_the_whole_set(build: Build) -> None:
    guard = build()
    compared: list[bool] = []

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rules())
    def agree(text: str) -> None:
        guard.standing = layered(guard, text)
        every = cedarpy.PolicySet.from_str(guard.text)
        for actor in PEOPLE:
            for target in TARGETS:
                for action in ("thing.read", "thing.write", "thing.touch"):
                    verdict = guard.decide(actor, action, target, NOW)
                    assert (verdict.allowed, verdict.policies) == whole(
                        guard, every, actor, action, target
                    )
                    compared.append(verdict.allowed)

    agree()
    assert len(compared) >= 2_000
    assert True in compared


def layered(guard: Guard, text: str) -> Any:
    """Return a standing under rules of the force, past what their author would have been told."""
    from muster.kernel.guard.edition import Edition
    from muster.kernel.guard.engine import Standing
    from muster.kernel.guard.rules import rule_of
    from muster.kernel.guard.source import parse

    parsed, flaws = parse(text)
    assert not flaws, text
    own = [rule_of(one, "force") for one in parsed]
    return Standing(1, Edition([*guard.shipped.rules.values(), *own], guard.actions))


@pytest.mark.parametrize("n", [1000])
def test_a_thousand_rules_of_units_leave_a_handful_in_a_slice(build: Build, n: int) -> None:
    guard = build()
    text = "\n".join(
        f'@id("u{number}") forbid (principal, action == Action::"thing.read", resource) '
        f'when {{ resource.unit in Unit::"U{number}" && resource.vip }};'
        for number in range(n)
    )
    edition = guard.layer(Own(text)).edition
    assert edition is not None
    few = edition.slice("Officer", "thing.read", ["CITY", "U7"], ["CITY"])
    every = edition.slice_of_any("Officer", "thing.read", ["CITY"])
    assert len(few) < 10
    assert len(every) > n


def test_a_unit_that_moved_between_two_reads_is_no_fault(build: Build) -> None:
    moved = Target("Thing", "t-1", {"vip": False}, unit="/NEW/NORTH/")
    assert build().decide(console("officer"), "thing.read", moved, NOW).allowed
