"""One rule of an edition: a parsed policy, whom and what it can be about, and what it tells people."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import Action
from muster.kernel.guard.source import Parsed

Layer = Literal["shipped", "force"]


@dataclass(frozen=True)
class Rule:
    """A policy as the engine slices and explains it.

    `actions` and `principals` are the names its scope allows, None for all. `within` and `of` are
    the unit codes that its first condition demands on the path of the resource or the principal,
    None where it demands none. A `locked` rule cannot be switched off by the force.
    """

    id: str = ""
    effect: str = "forbid"
    text: str = ""
    layer: Layer = "shipped"
    code: str = ""
    advice: str = ""
    advice_zh: str = ""
    actions: frozenset[str] | None = None
    exact: bool = False
    principals: frozenset[str] | None = None
    resource: str = ""
    within: frozenset[str] | None = None
    of: frozenset[str] | None = None
    homeless: bool = True
    locked: bool = False
    policy: Any = None

    def covers(self, action: Action) -> bool:
        """Whether the rule can have a say about an action."""
        if self.resource and self.resource != action.resource:
            return False
        if self.actions is None or action.name in self.actions:
            return True
        return not self.exact and not self.actions.isdisjoint(action.parents)

    def concerns(self, principal: str) -> bool:
        """Whether the rule can be about a kind of principal."""
        return self.principals is None or principal in self.principals

    def reaches(self, resource: Collection[str] | None, principal: Collection[str] | None) -> bool:
        """Whether its first condition can hold for units above a resource and a principal.

        None stands for "has no unit" (resource) or "unknown": then the rule is looked at.
        """
        if self.of is not None and principal is not None and self.of.isdisjoint(principal):
            return False
        if self.within is None:
            return True
        return self.homeless if resource is None else not self.within.isdisjoint(resource)


def rule_of(parsed: Parsed, layer: Layer) -> Rule:
    """Read a rule out of a parsed policy; one without @id is a `GuardError`."""
    policy, notes = parsed.policy, parsed.policy.get("annotations", {})
    if not parsed.id:
        raise GuardError(f"a policy has no @id: {parsed.statement.text[:200]}")
    within, of, homeless = _units(policy)
    return Rule(
        id=parsed.id,
        effect=policy["effect"],
        text=parsed.statement.text,
        layer=layer,
        code=notes.get("code") or "",
        advice=notes.get("advice") or "",
        advice_zh=notes.get("advice_zh") or "",
        actions=_actions(policy["action"]),
        exact=policy["action"]["op"] == "==",
        principals=_type(policy["principal"]),
        resource=next(iter(_type(policy["resource"]) or ()), ""),
        within=within,
        of=of,
        homeless=homeless,
        locked=layer == "shipped" and (policy["effect"] == "forbid" or "locked" in notes),
        policy=policy,
    )


def conjuncts(policy: dict[str, Any]) -> Iterator[Any]:
    """Yield the parts of a policy's first `when` in the order Cedar evaluates them."""
    conditions = policy.get("conditions") or []
    if conditions and conditions[0]["kind"] == "when":
        yield from _flat(conditions[0]["body"])


def mentions(node: Any) -> Iterator[str]:
    """Yield every attribute a policy looks at, such as `context.zone` or `principal.rank`."""
    if isinstance(node, dict):
        path = _path(node)
        if path:
            yield path
        for value in node.values():
            yield from mentions(value)
    elif isinstance(node, list):
        for value in node:
            yield from mentions(value)


def _flat(node: Any) -> Iterator[Any]:
    both = node.get("&&")
    if both is None:
        yield node
        return
    yield from _flat(both["left"])
    yield from _flat(both["right"])


def _path(node: dict[str, Any]) -> str:
    for operator in (".", "has"):
        access = node.get(operator)
        if isinstance(access, dict) and set(access) == {"left", "attr"}:
            left = access["left"]
            inner = left.get("Var") or _path(left)
            return f"{inner}.{access['attr']}" if inner else ""
    return ""


def _actions(scope: dict[str, Any]) -> frozenset[str] | None:
    if scope["op"] == "All":
        return None
    return frozenset(entity["id"] for entity in _entities(scope))


def _entities(scope: dict[str, Any]) -> Iterable[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = scope.get("entities") or [scope["entity"]]
    return found


def _type(scope: dict[str, Any]) -> frozenset[str] | None:
    if scope["op"] == "is":
        return frozenset((scope["entity_type"],))
    if scope["op"] == "==":
        return frozenset((scope["entity"]["type"],))
    return None


def _units(
    policy: dict[str, Any],
) -> tuple[frozenset[str] | None, frozenset[str] | None, bool]:
    """Read what the policy asks of units before anything that could err.

    Cedar evaluates from the left and stops at the first part that is false. A rule may be left
    out of a slice only for such a part: then nothing behind it would have been evaluated either,
    so a slice hides no error.
    """
    within, of, guarded = None, None, False
    for part in conjuncts(policy):
        if part.get("has") == {"left": {"Var": "resource"}, "attr": "unit"}:
            guarded = True
            continue
        who, codes = _membership(part)
        if who == "resource" and within is None:
            within = codes
            if not guarded:
                break  # a resource without a unit errs here: what follows may be evaluated never
        elif who == "principal" and of is None:
            of = codes
        else:
            break
    return within, of, not guarded


def _membership(part: dict[str, Any]) -> tuple[str, frozenset[str]]:
    body = part.get("in") or part.get("==")
    if not isinstance(body, dict):
        return "", frozenset()
    access = body["left"].get(".")
    if not access or access["attr"] != "unit" or "Var" not in access["left"]:
        return "", frozenset()
    right = body["right"]
    codes = [_code(item) for item in right.get("Set", [right])]
    if not codes or not all(codes):
        return "", frozenset()
    return str(access["left"]["Var"]), frozenset(codes)


def _code(node: Any) -> str:
    value = node.get("Value")
    entity = value.get("__entity") if isinstance(value, dict) else None
    return str(entity["id"]) if entity and entity["type"] == "Unit" else ""
