"""May X do Y on Z, and why: the answer, the rules that made it, and what alone would turn it.

What would lift a refusal is found by asking again with one thing changed at a time, so it is what
the policies say, not what somebody wrote about them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, NotFound
from muster.kernel.guard import Action, Edition, ResourceType, Rule, Target, Verdict, facts
from muster.kernel.guard.fragments import SCOPES
from muster.kernel.guard.rules import mentions
from muster.kernel.identity import Actor, App, Certification, Officer, Origin, Person, Terminal
from muster.kernel.identity.actor import Post
from muster.kernel.identity.people import actor_for
from muster.kernel.identity.roles import ROLES
from muster.kernel.policies import sets
from muster.kernel.policies.representatives import literals
from muster.kernel.uow import UnitOfWork

_FIELD: Final = frozenset({"data", "data_write", "needs_purpose", "deposit_door"})
_PLAIN: Final[dict[str, Any]] = {"String": "", "Long": 0, "Bool": False, "Set<String>": []}
_ANY: Final = UUID(int=0)


@dataclass(frozen=True)
class Question:
    """May an officer (their number) do an action on a resource, under which circumstances?

    The resource is described, not named: `unit` is a unit's code, `own` and `attributes` what the
    type has. Nothing given for `surface` means where the action usually comes from.
    """

    officer: str
    action: str
    unit: str = ""
    own: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)
    surface: str = ""
    zone: str = "internet"
    tier: int = 2
    purpose: str = ""
    case_ref: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    """The answer. `rules` decided it; `lifts` are changes each of which alone would permit it.

    `used` are the attributes that rules about this action ask for, as they were; `assumed` are those
    of the resource that the question left open.
    """

    allowed: bool
    officer: Person
    action: Action
    rules: tuple[Rule, ...]
    erred: bool
    set_id: str
    number: int
    used: dict[str, Any]
    assumed: dict[str, Any]
    lifts: tuple[str, ...]
    permits: tuple[Rule, ...]


def explain(
    uow: UnitOfWork, actor: Actor, question: Question, *, set_id: UUID | None = None
) -> Explanation:
    """Answer a question under the set in force, or under another; who asked is on record.

    Raises `NotFound` for an unknown officer, unit or action.
    """
    decision = guard.require(uow, actor, "access.explain", guard.FORCE)
    declared = uow.kernel.guard.actions.get(question.action)
    if declared is None or "Officer" not in declared.principals:
        raise NotFound(f"There is no action {question.action!r} for officers.")
    edition = sets.in_force(uow) if set_id is None else sets.sound(uow, sets.find(uow, set_id))
    person = _person(uow, question.officer)
    decision.note(asked_about=str(person.id), asked_action=declared.name, set=edition.number)
    known = uow.kernel.guard.resources.get(declared.resource)
    target, assumed = _target(uow, declared, known, question)
    asked = _Asked(uow, edition, declared, question)
    verdict = asked.verdict(person, target)
    decision.note(answer="permitted" if verdict.allowed else "denied")
    rules = tuple(edition.rules[name] for name in verdict.policies if name in edition.rules)
    about = edition.about(declared.name, "Officer")
    return Explanation(
        verdict.allowed,
        person,
        declared,
        rules,
        not verdict.allowed and "guard.policy-error" in verdict.policies,
        edition.set_id,
        edition.number,
        asked.used(person, target, rules or about),
        assumed,
        () if verdict.allowed else tuple(asked.lifts(person, target)),
        tuple(rule for rule in about if rule.effect == "permit"),
    )


class _Asked:
    """One question, asked again and again with one thing changed."""

    def __init__(
        self, uow: UnitOfWork, edition: Edition, action: Action, question: Question
    ) -> None:
        self._guard, self._edition = uow.kernel.guard, edition
        self._action, self._question = action, question
        self._at = question.at or uow.now()

    def verdict(self, person: Person, target: Target, **changed: Any) -> Verdict:
        """Judge the question; `changed` replaces its circumstances or the actor's."""
        question = replace(
            self._question, **{k: v for k, v in changed.items() if k in _OF_QUESTION}
        )
        actor = replace(
            _actor(self._action, person, question, self._at),
            **{k: v for k, v in changed.items() if k not in _OF_QUESTION},
        )
        return self._guard.judge(
            self._edition,
            actor,
            self._action.name,
            target,
            question.at or self._at,
            purpose=question.purpose,
            case_ref=question.case_ref,
        )

    def lifts(self, person: Person, target: Target) -> Iterator[str]:
        """Yield every single change that would permit it, in words."""
        for words, other, changed in self._changes(person, target):
            if self.verdict(other, target, **changed).allowed:
                yield words
        for words, attributes in self._facts(target):
            changed_target = replace(target, attributes={**target.attributes, **attributes})
            if self.verdict(person, changed_target).allowed:
                yield words

    def used(self, person: Person, target: Target, rules: tuple[Rule, ...]) -> dict[str, Any]:
        """Return the attributes that rules ask for, with what they were."""
        actor = _actor(self._action, person, self._question, self._at)
        context = facts.context(
            actor, self._guard.settings, self._at, self._question.purpose, self._question.case_ref
        )
        who = facts.subject(actor, self._at).entities[0]["attrs"]
        what = facts.resource(target)[0]["attrs"]
        seen = {"principal": who, "resource": what, "context": context}
        wanted = {path for rule in rules for path in mentions(rule.policy)}
        found = {path: _value(seen, path) for path in sorted(wanted)}
        return {
            path: value
            for path, value in found.items()
            if not any(other.startswith(f"{path}.") for other in wanted)
        }

    def _changes(
        self, person: Person, target: Target
    ) -> Iterator[tuple[str, Person, dict[str, Any]]]:
        question = self._question
        at_unit = (target.unit or person.unit_path).strip("/").rsplit("/", 1)[-1]
        for role in ROLES:
            post = Post(role, at_unit)
            yield (
                f"the role {role} at {at_unit}",
                replace(person, posts=(*person.posts, post)),
                {},
            )
        yield (
            "being on duty",
            replace(person, duty_until=datetime.max.replace(tzinfo=self._at.tzinfo)),
            {},
        )
        yield "being a sworn officer", replace(person, sworn=True), {}
        known = literals(self._edition.about(self._action.name, "Officer"))
        for dataset in sorted(known.get("principal.certifications", ())):
            leave = Certification(dataset)
            yield (
                f"the certification {dataset}",
                replace(person, certifications=(*person.certifications, leave)),
                {},
            )
        for rank in sorted(known.get("principal.rank", ())):
            if rank > person.rank:
                yield f"rank {rank}", replace(person, rank=rank), {}
        for zone in sorted(known.get("context.zone", ())):
            yield f"the network zone {zone}", person, {"zone": zone}
        for purpose in sorted({*known.get("context.purpose", ()), "check"} - {""}):
            case = question.case_ref or "1"
            words = (
                f"the purpose {purpose}"
                if purpose in known.get("context.purpose", ())
                else "a purpose and a case number"
            )
            yield words, person, {"purpose": purpose, "case_ref": case}
        yield "a terminal that passes muster", person, {"tier": 3, "surface": "field"}
        yield "the console", person, {"surface": "console"}
        for name in sorted(known.get("context.app", ())):
            yield f"the app {name}", person, {"app": App(_ANY, name, tuple(SCOPES))}

    def _facts(self, target: Target) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, value in target.attributes.items():
            if value is False:
                yield f"a resource with {name}", {name: True}
            elif value is True:
                yield f"a resource without {name}", {name: False}


_OF_QUESTION: Final = frozenset({"zone", "purpose", "case_ref", "tier", "surface", "at"})


def _person(uow: UnitOfWork, given: str) -> Person:
    try:
        named: Any = or_(Officer.number == given, Officer.id == UUID(given))
    except ValueError:
        named = Officer.number == given
    officer_id = uow.session.scalar(select(Officer.id).where(named))
    if officer_id is None:
        raise NotFound("There is no officer of this number.")
    person = actor_for(uow, officer_id).person
    assert person is not None
    return person


def _target(
    uow: UnitOfWork, action: Action, known: ResourceType | None, question: Question
) -> tuple[Target, dict[str, Any]]:
    attributes = known.attributes if known is not None else {}
    unknown = sorted(set(question.attributes) - attributes.keys())
    if unknown:
        raise InvalidInput(
            errors=[Fault("/attributes", f"{action.resource} has no {name!r}.") for name in unknown]
        )
    path = uow.kernel.people.by_code(question.unit).path if question.unit else None
    values: dict[str, Any] = {}
    assumed: dict[str, Any] = {}
    for name, attribute in attributes.items():
        if name == "own":
            values[name] = question.own
        elif name == "unit":
            if path is None and not attribute.optional:
                path = _person(uow, question.officer).unit_path
                assumed[name] = path
        elif name in question.attributes:
            values[name] = _typed(name, attribute.type, question.attributes[name])
        elif not attribute.optional:
            values[name] = assumed[name] = _PLAIN[attribute.type]
    return Target(action.resource, "described", values, path), assumed


def _typed(name: str, kind: str, value: Any) -> Any:
    """Return a value of the query as the schema wants it."""
    if isinstance(value, str):
        if kind == "Bool" and value in ("true", "false"):
            return value == "true"
        if kind == "Long" and value.lstrip("-").isdigit():
            return int(value)
        if kind == "Set<String>":
            return [part for part in value.split(",") if part]
        if kind == "String":
            return value
    raise InvalidInput(errors=[Fault("/attributes", f"{name} is a {kind}, not {value!r}.")])


def _actor(action: Action, person: Person, question: Question, at: datetime) -> Actor:
    field_act = bool(action.scope) or not _FIELD.isdisjoint(action.groups)
    surface = question.surface or ("field" if field_act else "console")
    origin = Origin(zone=question.zone)
    if surface != "field":
        return Actor("officer", surface, person, aal=2, auth_at=at, origin=origin)
    device = Terminal(
        id=_ANY,
        label="",
        state="enrolled",
        tier=question.tier,
        unit_id=person.unit_id,
        unit=person.unit,
        unit_path=person.unit_path,
        jkt="",
        posture_at=at,
    )
    app = App(_ANY, "", tuple(SCOPES))
    return Actor(
        "officer", "field", person, device, app, scope=app.scopes, aal=2, auth_at=at, origin=origin
    )


def _value(seen: Any, path: str) -> Any:
    for part in path.split("."):
        seen = seen.get(part) if isinstance(seen, dict) else None
    return _readable(seen)


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        entity = value.get("__entity")
        return entity["id"] if entity else {key: _readable(one) for key, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list) else value
