"""One edition of the access policies: immutable, parsed once, and sliced for each decision.

A decision needs the few rules that can have a say about its action, its kind of principal and the
units on both sides. Slices are built when first asked for and kept: the same answer as from all
rules, at a cost that does not grow with their number.
"""

import hashlib
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy
import msgspec

from muster.kernel.guard import facts
from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import Action, Target
from muster.kernel.guard.rules import Rule
from muster.kernel.identity.actor import Actor

ERRED = "guard.policy-error"
_SLICES = 1024
_PRINCIPALS = 512
_json = msgspec.json.Encoder()


@dataclass(frozen=True)
class Verdict:
    """What the policies say: allowed, the ids of the policies that made it so, and their set."""

    allowed: bool
    policies: tuple[str, ...]
    set_id: str = ""


@dataclass(frozen=True)
class _Shelf:
    """The rules of one action and kind of principal; those bound to units by their codes."""

    always: tuple[Rule, ...]
    bound: tuple[Rule, ...]
    within: frozenset[str]
    of: frozenset[str]


class Edition:
    """Rules of all layers, ready to judge. `number` is the published set's, 0 for none."""

    def __init__(
        self, rules: Sequence[Rule], actions: Mapping[str, Action], *, number: int = 0
    ) -> None:
        self.number = number
        self.actions = actions
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules}
        if len(self.rules) != len(rules):
            names = [rule.id for rule in rules]
            twice = next(name for name in names if names.count(name) > 1)
            raise GuardError(f"two policies are called {twice!r}")
        self.text = "\n\n".join(rule.text for rule in rules)
        self.set_id = hashlib.sha256(self.text.encode()).hexdigest()[:16]
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._slices: dict[Any, cedarpy.PolicySet] = {}
        self._people: dict[Any, cedarpy.Entities] = {}
        self._lock = threading.Lock()

    def judge(
        self,
        actor: Actor,
        action: str,
        target: Target,
        subject: facts.Subject,
        context: dict[str, Any],
    ) -> Verdict:
        """Ask the policies. One that errs is a refusal: Cedar would skip an erring forbid."""
        result = cedarpy.is_authorized(
            {
                "principal": {"type": subject.kind, "id": subject.id},
                "action": {"type": "Action", "id": action},
                "resource": {"type": target.type, "id": target.id},
                "context": _json.encode(context).decode(),
            },
            self.slice(subject.kind, action, _codes(target.unit), _codes(subject.path)),
            self._entities(subject, action, facts.resource(target)),
        )
        named = tuple(sorted(result.diagnostics.id_annotations_by_reason.values()))
        if result.diagnostics.errors:
            return Verdict(allowed=False, policies=(ERRED, *named), set_id=self.set_id)
        return Verdict(result.allowed, named, self.set_id)

    def slice(
        self,
        principal: str,
        action: str,
        resource_units: Collection[str] | None,
        principal_units: Collection[str] | None,
    ) -> cedarpy.PolicySet:
        """Return the rules that can have a say; a resource without a unit has None."""
        shelf = self._shelf(principal, action)
        below = None if resource_units is None else shelf.within.intersection(resource_units)
        at = None if principal_units is None else shelf.of.intersection(principal_units)
        key = (principal, action, below, at)
        found = self._slices.get(key)
        if found is None:
            rules = (rule for rule in shelf.bound if rule.reaches(below, at))
            found = self._kept(self._slices, key, _SLICES, _compiled((*shelf.always, *rules)))
        return found

    def slice_of_any(
        self, principal: str, action: str, principal_units: Collection[str] | None
    ) -> cedarpy.PolicySet:
        """Return the rules that can have a say about any resource of an action, for lists."""
        shelf = self._shelf(principal, action)
        at = None if principal_units is None else shelf.of.intersection(principal_units)
        key = (principal, action, "any", at)
        found = self._slices.get(key)
        if found is None:
            rules = (rule for rule in shelf.bound if rule.reaches(shelf.within, at))
            found = self._kept(self._slices, key, _SLICES, _compiled((*shelf.always, *rules)))
        return found

    def about(self, action: str, principal: str) -> tuple[Rule, ...]:
        """Return the rules that can have a say about an action by a kind of principal."""
        shelf = self._shelf(principal, action)
        return (*shelf.always, *shelf.bound)

    def _shelf(self, principal: str, action: str) -> _Shelf:
        key = (principal, action)
        shelf = self._shelves.get(key)
        if shelf is None:
            declared = self.actions[action]
            rules = [
                rule
                for rule in self.rules.values()
                if rule.covers(declared) and rule.concerns(principal)
            ]
            bound = [r for r in rules if r.within is not None or r.of is not None]
            shelf = self._shelves[key] = _Shelf(
                tuple(r for r in rules if r.within is None and r.of is None),
                tuple(bound),
                frozenset[str]().union(*(r.within for r in bound if r.within)),
                frozenset[str]().union(*(r.of for r in bound if r.of)),
            )
        return shelf

    def _entities(
        self, subject: facts.Subject, action: str, resource: list[dict[str, Any]]
    ) -> cedarpy.Entities:
        known = self._known(subject, action)
        try:
            return known.with_added_json_str(_json.encode(resource).decode())
        except ValueError:  # the unit tree changed between the two: the resource's is the newer
            merged = {str(entity["uid"]): entity for entity in [*subject.entities, *resource]}
            both = [*merged.values(), action_entity(self.actions[action])]
            return cedarpy.Entities.from_json_str(_json.encode(both).decode())

    def _known(self, subject: facts.Subject, action: str) -> cedarpy.Entities:
        """Return the principal, their units and the action, parsed once for many decisions."""
        text = _json.encode(subject.entities)
        key = (action, text)
        found = self._people.get(key)
        if found is None:
            both = [*subject.entities, action_entity(self.actions[action])]
            made = cedarpy.Entities.from_json_str(_json.encode(both).decode())
            found = self._kept(self._people, key, _PRINCIPALS, made)
        return found

    def _kept(self, shelf: dict[Any, Any], key: Any, bound: int, made: Any) -> Any:
        with self._lock:
            if len(shelf) >= bound:
                for oldest in list(shelf)[: bound // 4]:
                    del shelf[oldest]
            shelf[key] = made
        return made


def action_entity(action: Action) -> dict[str, Any]:
    """Return an action with the groups it is in."""
    parents = [{"type": "Action", "id": group} for group in action.parents]
    return {"uid": {"type": "Action", "id": action.name}, "attrs": {}, "parents": parents}


def _compiled(rules: Iterable[Rule]) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str("\n".join(rule.text for rule in rules))


def _codes(path: str | None) -> list[str] | None:
    return None if path is None else path.strip("/").split("/")
