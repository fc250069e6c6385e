"""Stand-ins for all that a rule may ask: which targets and circumstances tell two editions apart.

Values come from the rules themselves: a rule that compares `resource.kind` with "device" gives the
targets a kind "device" and one of another kind. Pure; no database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from muster.kernel.guard import ResourceType, Rule, Target

OTHER = "-"
MOST_TARGETS = 60
MOST_CIRCUMSTANCES = 12


@dataclass(frozen=True)
class Place:
    """Where a target is, seen from an officer: own_unit, unit_above, elsewhere, a unit's code, or ''."""

    name: str
    path: str | None


@dataclass(frozen=True)
class Situation:
    """A target and circumstances, as people read them."""

    place: str
    own: bool
    facts: tuple[tuple[str, Any], ...] = ()
    circumstances: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Posed:
    """A question to both editions: the target, what differs in the circumstances, and its name."""

    target: Target
    circumstances: Mapping[str, Any] = field(default_factory=dict)
    situation: Situation = field(default_factory=lambda: Situation("", own=False))


def literals(rules: Iterable[Rule]) -> dict[str, set[Any]]:
    """Return the values that rules compare each attribute with, by path such as `context.zone`."""
    found: dict[str, set[Any]] = {}
    for rule in rules:
        for path, value in _compared(rule.policy):
            found.setdefault(path, set()).add(value)
    return found


def units(rules: Iterable[Rule]) -> set[str]:
    """Return the codes of the units that rules name."""
    return {code for rule in rules for code in _units(rule.policy)}


def targets(
    kind: ResourceType | None, name: str, places: Sequence[Place], known: Mapping[str, set[Any]]
) -> Iterator[tuple[Target, Situation]]:
    """Yield targets of one type: every place, own or not, each attribute varied by itself."""
    attributes = dict(kind.attributes) if kind is not None else {}
    at = places if "unit" in attributes else [Place("", None)]
    owns = [False, True] if "own" in attributes else [False]
    rest = {key: value for key, value in attributes.items() if key not in ("own", "unit")}
    base, made = _base(rest), 0
    for place, own, facts in product(at, owns, _facts(rest, known)):
        if own and place.name not in ("", "own_unit"):
            continue
        values: dict[str, Any] = {key: value for key, value in facts.items() if value is not None}
        shown = tuple((key, value) for key, value in values.items() if value != base.get(key))
        if "own" in attributes:
            values["own"] = own
        yield (
            Target(name, "representative", values, place.path),
            Situation(place.name, own, shown),
        )
        made += 1
        if made >= MOST_TARGETS:
            return


def circumstances(known: Mapping[str, set[Any]]) -> list[dict[str, Any]]:
    """Return the usual circumstances first, then each that the rules ask about, varied by itself."""
    found: list[dict[str, Any]] = [{}]
    for path, values in sorted(known.items()):
        name = path.removeprefix("context.")
        if path.startswith("context."):
            found += [{name: value} for value in _around(values)]
    return found[:MOST_CIRCUMSTANCES]


def _facts(rest: Mapping[str, Any], known: Mapping[str, set[Any]]) -> list[dict[str, Any]]:
    base = _base(rest)
    found = [base]
    yes = {key: True for key, value in rest.items() if value.type == "Bool"}
    if yes:
        found.append(base | yes)
    for key, value in rest.items():
        if value.type == "Set<String>":
            around: list[Any] = [[one] for one in known.get(f"resource.{key}", ())]
        elif value.type == "Bool":
            around = [True] if len(yes) > 1 else []
        else:
            around = _around(known.get(f"resource.{key}", set()))
        found += [base | yes | {key: one} for one in around]
    return found


def _base(rest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value.type) for key, value in rest.items()}


def _plain(kind: str) -> Any:
    return {"String": OTHER, "Long": 0, "Bool": False, "Set<String>": []}.get(kind)


def _around(values: set[Any]) -> list[Any]:
    """Return the values, those beside numbers, and one that is none of the words."""
    flags = [value for value in values if isinstance(value, bool)]
    if flags:
        return [False, True]
    numbers = {value for value in values if isinstance(value, int)}
    beside = sorted({n + d for n in numbers for d in (-1, 0, 1)})
    words = sorted(value for value in values if isinstance(value, str))
    return [*words, *([OTHER] if words else []), *beside]


def _compared(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, list):
        for one in node:
            yield from _compared(one)
    if not isinstance(node, dict):
        return
    for operator, body in node.items():
        if operator in _COMPARE and isinstance(body, dict):
            yield from _pairs(body)
        yield from _compared(body)
    if "." in node:
        path = _path(node)
        if path in _FLAGS:
            yield path, True


_COMPARE = frozenset({"==", "!=", "<", "<=", ">", ">=", "contains", "containsAny", "containsAll"})
_FLAGS = frozenset({"context.recent_sign_in", "context.sandbox"})


def _pairs(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for one, other in ((body["left"], body["right"]), (body["right"], body["left"])):
        path = _path(one)
        if path:
            for value in _values(other):
                yield path, value


def _values(node: Any) -> Iterator[Any]:
    items = node.get("Set", [node]) if isinstance(node, dict) else []
    for item in items:
        value = item.get("Value") if isinstance(item, dict) else None
        if isinstance(value, str | int):
            yield value


def _path(node: Any) -> str:
    access = node.get(".") if isinstance(node, dict) else None
    if not isinstance(access, dict):
        return ""
    left = access["left"]
    inner = left.get("Var") or _path(left)
    return f"{inner}.{access['attr']}" if inner else ""


def _units(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _units(one)
    elif isinstance(node, dict):
        entity = node.get("__entity")
        if isinstance(entity, dict) and entity.get("type") == "Unit":
            yield entity["id"]
        for one in node.values():
            yield from _units(one)
