"""Who gains and who loses what, by name: every officer in service under two editions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from muster.kernel import guard
from muster.kernel.guard import Action, Edition, Guard, Rule, facts
from muster.kernel.guard.fragments import SCOPES
from muster.kernel.identity import Actor, App, Origin, Person, Terminal
from muster.kernel.policies import crew as crews
from muster.kernel.policies import sets
from muster.kernel.policies.crew import Crew
from muster.kernel.policies.representatives import (
    Place,
    Posed,
    Situation,
    circumstances,
    literals,
    targets,
    units,
)
from muster.kernel.uow import UnitOfWork

BUDGET: Final = 120_000
_FIELD: Final = frozenset({"data", "data_write", "needs_purpose", "deposit_door"})
_ANY: Final = UUID(int=0)


@dataclass(frozen=True)
class Named:
    """One officer in a list of those concerned."""

    id: UUID
    number: str
    name: str
    unit: str


@dataclass(frozen=True)
class Effect:
    """What one group of officers gains or loses: an action, in which situations."""

    action: str
    change: Literal["gains", "loses"]
    situations: tuple[Situation, ...]
    officers: tuple[Named, ...]


@dataclass(frozen=True)
class Impact:
    """The effects of going from one edition to another.

    `rules` are those that differ. `complete` is false when the comparison was cut off: then more
    may change than is listed.
    """

    before: str
    after: str
    rules: tuple[str, ...]
    effects: tuple[Effect, ...]
    officers: int
    decisions: int
    complete: bool


def of_set(uow: UnitOfWork, actor: Actor, set_id: UUID) -> Impact:
    """Compare a set with what is in force. Raises `PolicySetInvalid` for one that does not hold."""
    decision = guard.require(uow, actor, "access.policy.read", guard.FORCE)
    row = sets.find(uow, set_id)
    found = between(uow, sets.in_force(uow), sets.sound(uow, row))
    decision.note(set=row.number, compared=found.officers)
    return found


def between(uow: UnitOfWork, before: Edition, after: Edition) -> Impact:
    """Compare two editions for everybody in service."""
    differing = _differing(before, after)
    names = tuple(sorted({rule.id for rule in differing}))
    crew = crews.read(uow)
    comparison = _Comparison(uow.kernel.guard, crew, before, after, differing, uow.now())
    effects = tuple(comparison.effects()) if differing else ()
    return Impact(
        before.set_id,
        after.set_id,
        names,
        effects,
        len(crew.people),
        comparison.decisions,
        comparison.complete,
    )


def _differing(before: Edition, after: Edition) -> list[Rule]:
    found = []
    for one, other in ((before, after), (after, before)):
        for name, rule in one.rules.items():
            same = other.rules.get(name)
            if same is None or same.text != rule.text:
                found.append(rule)
    return found


class _Comparison:
    """One walk over groups of officers, actions, targets and circumstances."""

    def __init__(
        self,
        judge: Guard,
        crew: Crew,
        before: Edition,
        after: Edition,
        differing: Sequence[Rule],
        at: datetime,
    ) -> None:
        self._guard, self._crew, self._at = judge, crew, at
        self._before, self._after, self._differing = before, after, differing
        self._known = literals((*before.rules.values(), *after.rules.values()))
        self._units = units(differing)
        self._actions = [
            action
            for action in judge.actions.values()
            if "Officer" in action.principals and any(rule.covers(action) for rule in differing)
        ]
        self.decisions = 0
        self.complete = True

    def effects(self) -> Iterator[Effect]:
        """Yield what changes, joined over the groups for which it is the same."""
        joined: dict[tuple[str, str, tuple[Situation, ...]], list[Person]] = {}
        text = "".join(rule.text for rule in self._differing)
        for group in crews.alike(self._crew, self._at, self._named_units(), text):
            for action in self._actions:
                if self.decisions > BUDGET:
                    self.complete = False
                    break
                gained, lost = self._compare(group[0], action)
                for change, found in (("gains", gained), ("loses", lost)):
                    if found:
                        joined.setdefault((action.name, change, tuple(found)), []).extend(group)
        for (action_name, change, situations), people in sorted(
            joined.items(), key=lambda item: (item[0][0], item[0][1])
        ):
            yield Effect(
                action_name,
                "gains" if change == "gains" else "loses",
                situations,
                tuple(self._named(people)),
            )

    def _compare(self, person: Person, action: Action) -> tuple[list[Situation], list[Situation]]:
        gained: list[Situation] = []
        lost: list[Situation] = []
        told: set[tuple[Any, ...]] = set()
        for posed in self._questions(person, action):
            shown = posed.situation
            usual, key = (shown.place, shown.own), (shown.place, shown.own, shown.facts)
            if usual in told or key in told:  # it differs as a rule: the exceptions add nothing
                continue
            before, after = self._ask(person, action, posed)
            if before is after:
                continue
            (gained if after else lost).append(shown)
            if not shown.circumstances:
                told.add(key if shown.facts else usual)
        return gained, lost

    def _ask(self, person: Person, action: Action, posed: Posed) -> tuple[bool, bool]:
        actor = _stand_in(action, person, self._at)
        who = facts.subject(actor, self._at)
        context = _in_circumstances(
            facts.context(actor, self._guard.settings, self._at, "check", "case"),
            posed.circumstances,
        )
        self.decisions += 2
        old, new = (
            edition.judge(actor, action.name, posed.target, who, context).allowed
            for edition in (self._before, self._after)
        )
        return old, new

    def _questions(self, person: Person, action: Action) -> Iterator[Posed]:
        relevant = [rule for rule in self._differing if rule.covers(action)]
        around = circumstances(literals(relevant))
        kind = self._guard.resources.get(action.resource)
        for values in around:
            for target, situation in targets(
                kind, action.resource, self._places(person), self._known
            ):
                named = replace(situation, circumstances=tuple(values.items()))
                yield Posed(target, values, named)

    def _places(self, person: Person) -> list[Place]:
        parent = person.unit_path.rstrip("/").rpartition("/")[0] + "/"
        found = [Place("own_unit", person.unit_path)]
        if parent != "/":
            found.append(Place("unit_above", parent))
        other = crews.elsewhere(self._crew, person)
        if other is not None:
            found.append(Place("elsewhere", other))
        known = {place.path for place in found}
        named = [self._crew.paths[code] for code in sorted(self._units) if code in self._crew.paths]
        return [*found, *(Place(_code(path), path) for path in named if path not in known)]

    def _named_units(self) -> set[str]:
        return self._units | units((*self._before.rules.values(), *self._after.rules.values()))

    def _named(self, people: Iterable[Person]) -> list[Named]:
        return [
            Named(one.id, one.number, one.name, self._crew.names.get(one.unit, one.unit))
            for one in sorted(people, key=lambda one: one.number)
        ]


def _stand_in(action: Action, person: Person, at: datetime) -> Actor:
    """Return the officer as they usually come to an act: at the console, or with a sound terminal."""
    if action.scope or not _FIELD.isdisjoint(action.groups):
        device = Terminal(
            id=_ANY,
            label="",
            state="enrolled",
            tier=3,
            unit_id=person.unit_id,
            unit=person.unit,
            unit_path=person.unit_path,
            jkt="",
            posture_at=at,
        )
        app = App(_ANY, "", tuple(SCOPES))
        return Actor(
            "officer",
            "field",
            person,
            device,
            app,
            scope=app.scopes,
            aal=2,
            auth_at=at,
            origin=Origin(),
        )
    return Actor("officer", "console", person, aal=2, auth_at=at, origin=Origin())


def _in_circumstances(context: dict[str, Any], changed: dict[str, Any] | Any) -> dict[str, Any]:
    made = dict(context)
    for path, value in changed.items():
        first, _, rest = path.partition(".")
        made[first] = {**made[first], rest: value} if rest else _like(made[first], value)
    return made


def _like(before: Any, value: Any) -> Any:
    return [value] if isinstance(before, list) else value


def _code(path: str) -> str:
    return path.strip("/").rsplit("/", 1)[-1]
