"""Lists show exactly what single decisions allow: random policies, people and rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from muster.kernel import guard
from muster.kernel.guard import Action, Attribute, Fragment, Guard, Own, ResourceType, Target
from muster.kernel.guard.engine import Standing
from muster.kernel.identity import Actor, Certification, Unit
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from tests.factories.people import console, field, terminal

PATHS = ["/CITY/", "/CITY/NORTH/", "/CITY/NORTH/N_1/", "/CITY/north/", "/CITY/NX1/"]
CODES = [path.strip("/").rsplit("/", 1)[-1] for path in PATHS]
NOW = datetime.now(UTC)
PEOPLE = [
    console(
        "supervisor",
        unit="/CITY/NORTH/",
        rank=2,
        certifications=(Certification("d1"), Certification("d2", NOW - timedelta(days=1))),
        duty_until=NOW + timedelta(hours=8),
    ),
    console("supervisor@N_1", "auditor@CITY", unit="/CITY/NX1/", sworn=False, rank=0),
    field("officer", unit="/CITY/NORTH/N_1/", rank=3, device=terminal(tier=1)),
    field(
        "officer",
        "supervisor@north",
        unit="/CITY/",
        rank=1,
        certifications=(Certification("d2"),),
        duty_until=NOW - timedelta(hours=1),
    ),
]


class Base(DeclarativeBase):
    """Tables of this test alone."""


class Thing(Base):
    __tablename__ = "test_thing"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID | None]
    n: Mapped[int]
    vip: Mapped[bool]
    kind: Mapped[str]
    note: Mapped[str | None]
    level: Mapped[int | None]


@dataclass(frozen=True)
class World:
    """A kernel, the stored things, and each as the target of a single decision."""

    kernel: Kernel
    targets: dict[int, Target]

    def under(self, policies: str, own: str = "", *, optional_unit: bool = False) -> Kernel:
        """Return the kernel with a guard of these policies, and the force's own on top."""
        things = ResourceType(
            "Thing",
            {
                "unit": Attribute("Unit", Thing.unit_id, optional=optional_unit),
                "n": Attribute("Long", Thing.n),
                "vip": Attribute("Bool", Thing.vip),
                "kind": Attribute("String", Thing.kind),
                "note": Attribute("String", Thing.note, optional=True),
                "level": Attribute("Long", Thing.level, optional=True),
            },
        )
        action = Action("thing.read", "Thing", groups=("data",))
        fragment = Fragment("things", [things], [action], policies)
        guard = Guard([fragment], self.kernel.settings)
        layered = guard.layer(Own(own, number=1))
        assert layered.edition is not None, layered.flaws
        guard.standing = Standing(1, layered.edition)
        return replace(self.kernel, guard=guard)

    def listed(self, kernel: Kernel, actor: Actor) -> set[int]:
        """Return what a list shows."""
        with kernel.reads() as uow:
            condition = guard.visible(uow, actor, "thing.read", "Thing")
            return set(uow.session.scalars(select(Thing.id).where(condition)))

    def decided(self, kernel: Kernel, actor: Actor, *, homeless: bool) -> set[int]:
        """Return what single decisions allow, row by row."""
        now = kernel.clock()
        return {
            key
            for key, target in self.targets.items()
            if (homeless or target.unit is not None)
            and kernel.guard.decide(actor, "thing.read", target, now).allowed
        }


@pytest.fixture
def world(kernel: Kernel) -> Iterator[World]:
    Base.metadata.create_all(kernel.db.engine)
    targets = {}
    shapes = product([*PATHS, None], [0, 2], [True, False], [("a", None, 1), ("A", "x", None)])
    with kernel.writes() as uow:
        units = {path: uuid7() for path in PATHS}
        for path, key in units.items():
            code = path.strip("/").rsplit("/", 1)[-1]
            uow.session.add(Unit(id=key, code=code, name=code, path=path))
        for number, (path, n, vip, (kind, note, level)) in enumerate(shapes):
            facts = {"n": n, "vip": vip, "kind": kind, "note": note, "level": level}
            unit_id = units[path] if path else None
            uow.session.add(Thing(id=number, unit_id=unit_id, **facts))
            targets[number] = Target("Thing", str(number), facts, unit=path)
    yield World(kernel, targets)
    Base.metadata.drop_all(kernel.db.engine)


numbers = st.integers(-1, 3)
codes = st.sampled_from(CODES).map(lambda code: f'Unit::"{code}"')
ops = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
plain = st.one_of(
    st.builds("resource.n {} {}".format, ops, numbers),
    st.builds("{} {} resource.n".format, numbers, ops),
    st.sampled_from(
        [
            "resource.vip",
            "resource.vip == false",
            'resource.kind == "a"',
            'resource.kind != "A"',
            '["a", "b"].contains(resource.kind)',
            "resource has note",
            '(resource has note && resource.note == "x")',
            "principal.sworn",
            'context.surface == "console"',
            "principal.posts has auditor",
            "context.posture.present",
            'principal.certifications.contains("d1")',
            'principal.certifications.containsAny(["d2", "d3"])',
            'principal.duty == "on"',
            'principal.duty != "off"',
            "context.time.weekday <= 7",
            "context.time.minute < 0",
            'context.scopes.contains("records")',
            'context.zone == "internet"',
            "context.recent_sign_in",
        ]
    ),
    st.builds("(resource has level && resource.level {} {})".format, ops, numbers),
    st.builds("principal.rank {} {}".format, ops, numbers),
)
of_unit = st.one_of(
    st.builds("resource.unit in {}".format, codes),
    st.builds("resource.unit in [{}, {}]".format, codes, codes),
    st.builds("resource.unit == {}".format, codes),
    st.sampled_from(
        [
            "resource.unit == principal.unit",
            "resource.unit != principal.unit",
            "resource.unit in principal.unit",
            'principal.unit in Unit::"NORTH"',
            'resource.unit in Unit::"NORTH"',
            "(principal.posts has supervisor && resource.unit in principal.posts.supervisor)",
        ]
    ),
)


def conditions(*, optional_unit: bool) -> st.SearchStrategy[str]:
    """Return conditions that all have an SQL form."""
    there = of_unit.map("(resource has unit && {})".format) if optional_unit else of_unit
    return st.recursive(
        plain | there,
        lambda inner: st.one_of(
            st.builds("({} && {})".format, inner, inner),
            st.builds("({} || {})".format, inner, inner),
            st.builds("!({})".format, inner),
            st.builds("(if {} then {} else {})".format, inner, inner, inner),
        ),
        max_leaves=6,
    )


SCOPES = [
    'principal is Officer, action == Action::"thing.read", resource',
    'principal is Officer, action in [Action::"thing.read"], resource is Thing',
]


@st.composite
def policy_sets(draw: st.DrawFn, *, optional_unit: bool) -> tuple[str, str]:
    """Draw a shipped set and the force's; a first permit keeps most from showing nothing."""
    condition = conditions(optional_unit=optional_unit)
    bound = st.builds("{} && {}".format, of_unit_first(optional_unit), condition)
    effects = ["permit", *draw(st.lists(st.sampled_from(["permit", "forbid"]), max_size=4))]
    rules = [
        f'@id("p{number}") {effect} ({draw(st.sampled_from(SCOPES))}) '
        f"{draw(st.sampled_from(['when', 'unless']))} {{ {draw(condition | bound)} }};"
        for number, effect in enumerate(effects)
    ]
    shipped = draw(st.integers(1, len(rules)))
    return "\n".join(rules[:shipped]), "\n".join(rules[shipped:])


def of_unit_first(optional_unit: bool) -> st.SearchStrategy[str]:
    """Return conditions by which the guard slices."""
    guarded = "resource has unit && " if optional_unit else ""
    return st.builds(
        "{} in {}".format,
        st.sampled_from(["principal.unit", f"{guarded}resource.unit"]),
        codes,
    )


@pytest.mark.parametrize("optional_unit", [False, True])
def test_a_list_shows_exactly_what_single_decisions_allow(
    world: World, optional_unit: bool
) -> None:
    """48 rows, 4 people and 60 policy sets: above 10 000 comparisons for each kind of row.

    Part of each set is the force's own, published on top of what ships; lists and single decisions
    come from slices of both.
    """
    seen: list[tuple[int, int]] = []

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(policies=policy_sets(optional_unit=optional_unit))
    def agree(policies: tuple[str, str]) -> None:
        kernel = world.under(*policies, optional_unit=optional_unit)
        for actor in PEOPLE:
            listed = world.listed(kernel, actor)
            if not optional_unit:
                listed = {key for key in listed if world.targets[key].unit is not None}
            assert listed == world.decided(kernel, actor, homeless=optional_unit)
            seen.append((len(listed), len(world.targets)))

    agree()
    assert sum(compared for _, compared in seen) >= 10_000
    assert any(0 < shown < compared for shown, compared in seen)


OPEN = '@id("open") permit (principal, action == Action::"thing.read", resource);'


@pytest.mark.parametrize(
    "condition", ['resource.kind like "a*"', "resource.n + 1 > 2", "resource.n * 2 < 1"]
)
def test_what_has_no_sql_form_shows_too_little_and_never_too_much(
    world: World, condition: str
) -> None:
    odd = '@id("odd") {} (principal, action == Action::"thing.read", resource) when {{ {} }};'
    hidden = world.under(OPEN + odd.format("forbid", condition))
    assert world.listed(hidden, PEOPLE[0]) == set()
    granted = world.under(odd.format("permit", condition))
    assert world.listed(granted, PEOPLE[0]) == set()
    assert world.decided(granted, PEOPLE[0], homeless=False)


def test_an_attribute_without_a_column_shows_nothing(world: World) -> None:
    things = ResourceType(
        "Thing", {"unit": Attribute("Unit"), "note": Attribute("String", optional=True)}
    )
    policies = OPEN + (
        '@id("noted") forbid (principal, action == Action::"thing.read", resource) '
        "when { resource has note };"
    )
    fragment = Fragment("things", [things], [Action("thing.read", "Thing")], policies)
    kernel = replace(world.kernel, guard=Guard([fragment], world.kernel.settings))
    assert world.listed(kernel, PEOPLE[0]) == set()


def test_a_terminal_that_is_not_compliant_sees_an_empty_list(world: World) -> None:
    kernel = world.under(OPEN)
    assert world.listed(kernel, PEOPLE[2]) == set()
    assert len(world.listed(kernel, PEOPLE[3])) == len(world.targets)


def test_a_question_nobody_declared_is_a_fault_of_ours(world: World) -> None:
    kernel: Any = world.under(OPEN)
    with kernel.reads() as uow, pytest.raises(guard.GuardError, match="not declared"):
        guard.visible(uow, PEOPLE[0], "thing.read", "Device")
