"""The policy engine: one parsed Cedar policy set, validated against the joined schema at boot."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import cedarpy

from muster.kernel.guard import facts, schema
from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import Action, Fragment, ResourceType, Target, policies_beside
from muster.kernel.identity.actor import Actor
from muster.kernel.settings import Settings


@dataclass(frozen=True)
class Verdict:
    """What the policies say: allowed, and the ids of the policies that made it so."""

    allowed: bool
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """What a policy tells a refused person: a problem code and what would lift the refusal."""

    code: str = ""
    advice: str = ""


class Guard:
    """The one gate. Built once from every fragment; refuses to boot on a flawed set."""

    def __init__(self, fragments: Iterable[Fragment], settings: Settings) -> None:
        fragments = list(fragments)
        self.settings = settings
        self.actions: dict[str, Action] = {a.name: a for f in fragments for a in f.actions}
        self.resources: dict[str, ResourceType] = {
            r.name: r for f in fragments for r in f.resources
        }
        self.schema = schema.build(fragments)
        baseline = policies_beside("muster.kernel.guard", "baseline.cedar")
        self.text = "\n".join([baseline, *(f.policies for f in fragments)])
        self.set_id = hashlib.sha256(self.text.encode()).hexdigest()[:16]
        self._refuse_flaws()
        self.policies = cedarpy.PolicySet.from_str(self.text)
        self.rules = _rules(self.text)
        self.action_entities = _action_entities(self.schema)
        self._base = cedarpy.Entities.from_json_str(json.dumps(self.action_entities))

    def decide(
        self,
        actor: Actor,
        action: str,
        target: Target,
        at: datetime,
        *,
        purpose: str = "",
        case_ref: str = "",
    ) -> Verdict:
        """Ask the policies. A policy that errs is a refusal: Cedar would skip an erring forbid."""
        kind, name = facts.principal(actor)
        result = cedarpy.is_authorized(
            {
                "principal": {"type": kind, "id": name},
                "action": {"type": "Action", "id": action},
                "resource": {"type": target.type, "id": target.id},
                "context": facts.context(actor, self.settings, at, purpose, case_ref),
            },
            self.policies,
            self._base.with_added_json_str(json.dumps(facts.entities(actor, target, at))),
        )
        errors = result.diagnostics.errors
        named = tuple(sorted(result.diagnostics.id_annotations_by_reason.values()))
        if errors:
            return Verdict(allowed=False, policies=("guard.policy-error", *named))
        return Verdict(result.allowed, named)

    def check_mentioned(self, by_routes: Collection[str]) -> None:
        """Refuse an action that no route offers, and a route that names an unknown action."""
        unknown = sorted(set(by_routes) - self.actions.keys() - {"*"})
        if unknown:
            raise GuardError(f"routes mention unknown actions: {', '.join(unknown)}")
        offered = {name for name, action in self.actions.items() if not action.internal}
        missing = sorted(offered - set(by_routes))
        if missing:
            raise GuardError(f"no route mentions: {', '.join(missing)}")

    def _refuse_flaws(self) -> None:
        faults = _faults(self.text, json.dumps(self.schema, sort_keys=True))
        if faults:
            raise GuardError(f"access policies do not fit the schema: {', '.join(faults)}")
        covered = _covered_actions(self.text, self.schema)
        unruled = sorted(self.actions.keys() - covered)
        if unruled:
            raise GuardError(f"no policy permits: {', '.join(unruled)}")


@lru_cache(maxsize=4)
def _faults(text: str, joined: str) -> tuple[str, ...]:
    """Validate a set against a schema, once for however many guards a process builds of them."""
    result = cedarpy.validate_policies(text, joined)
    return () if result.validation_passed else tuple(str(error) for error in result.errors)


@lru_cache(maxsize=4)
def _policies(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return parsed


def _rules(text: str) -> dict[str, Rule]:
    rules = {}
    for policy in _policies(text).values():
        notes = policy.get("annotations", {})
        if "id" not in notes:
            raise GuardError(f"a policy has no @id: {json.dumps(policy)[:200]}")
        if notes["id"] in rules:
            raise GuardError(f"two policies are called {notes['id']!r}")
        rules[notes["id"]] = Rule(notes.get("code", ""), notes.get("advice", ""))
    return rules


def _action_entities(joined: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "uid": {"type": "Action", "id": name},
            "attrs": {},
            "parents": [{"type": "Action", "id": p["id"]} for p in action.get("memberOf", ())],
        }
        for name, action in joined[""]["actions"].items()
    ]


def _covered_actions(text: str, joined: dict[str, Any]) -> set[str]:
    """Return the actions that at least one permit names, directly or by a group."""
    groups: dict[str, set[str]] = {}
    for name, action in joined[""]["actions"].items():
        for parent in action.get("memberOf", ()):
            groups.setdefault(parent["id"], set()).add(name)
    covered: set[str] = set()
    for policy in _policies(text).values():
        if policy["effect"] != "permit":
            continue
        scope = policy["action"]
        for entity in [scope.get("entity"), *scope.get("entities", ())]:
            if entity:
                covered |= {entity["id"]} | groups.get(entity["id"], set())
    return covered
