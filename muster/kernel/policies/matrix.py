"""Roles by actions: what an administrator grants by ticking, written as the shipped rules are."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from muster.kernel.guard import Action, Guard
from muster.kernel.identity.roles import ROLES
from muster.kernel.policies.templates import chinese, quoted

Scope = Literal["own", "units", "force", "never"]
SCOPES: Final[dict[Scope, str]] = {
    "own": "what is their own",
    "units": "the units they hold the role in, and below",
    "force": "the whole force",
    "never": "nothing, even if another role allows it",
}


@dataclass(frozen=True, order=True)
class Grant:
    """One cell: holders of a role may do an action within a scope, or never."""

    role: str
    action: str
    scope: Scope


def actions(guard: Guard) -> list[Action]:
    """Return the actions that people can be granted, by name."""
    return sorted(
        (a for a in guard.actions.values() if "Officer" in a.principals and not a.internal),
        key=lambda action: action.name,
    )


def scopes(guard: Guard, action: Action) -> list[Scope]:
    """Return the scopes that make sense for an action: what its resource can be asked."""
    known = guard.resources.get(action.resource)
    attributes = known.attributes if known is not None else {}
    found: list[Scope] = []
    if "own" in attributes:
        found.append("own")
    if "unit" in attributes:
        found.append("units")
    return [*found, "force", "never"]


def fault(guard: Guard, grant: Grant) -> tuple[str, str] | None:
    """Return which part of a grant is wrong, and why; None for a sound one."""
    if grant.role not in ROLES:
        return "role", f"There is no role {grant.role!r}."
    action = guard.actions.get(grant.action)
    if action is None or action not in actions(guard):
        return "action", f"There is no action {grant.action!r} that people can be granted."
    if grant.scope not in scopes(guard, action):
        return "scope", f"{grant.action} cannot be granted for {SCOPES[grant.scope]}."
    return None


def rules(grants: Sequence[Grant]) -> Iterator[str]:
    """Yield one rule for each role and scope."""
    ordered = sorted(set(grants), key=lambda grant: (grant.role, grant.scope, grant.action))
    for (role, scope), cells in groupby(ordered, key=lambda grant: (grant.role, grant.scope)):
        yield _rule(role, scope, [cell.action for cell in cells])


def _rule(role: str, scope: Scope, names: Sequence[str]) -> str:
    effect = "forbid" if scope == "never" else "permit"
    lines = [f"// The matrix: {role}, {SCOPES[scope]}.", f'@id("matrix.{role}.{scope}")']
    if scope == "never":
        lines.append(
            f'@advice("Holders of the role {role} are kept from this, whatever else they hold.")'
        )
        lines.append(f"@advice_zh({quoted(chinese('matrix.never').format(role=role))})")
    lines += [f"{effect} (principal is Officer, {action_scope(names)}, resource)", _WHEN[scope]]
    return "\n".join(lines).replace("ROLE", role)


_WHEN: Final[dict[Scope, str]] = {
    "own": "when { principal.posts has ROLE && resource has own && resource.own };",
    "units": (
        "when {\n  principal.posts has ROLE && resource has unit &&\n"
        "  resource.unit in principal.posts.ROLE\n};"
    ),
    "force": "when { principal.posts has ROLE };",
    "never": "when { principal.posts has ROLE };",
}


def action_scope(names: Sequence[str]) -> str:
    """Return the action part of a policy's scope; groups count with all their actions."""
    listed = [f"Action::{json.dumps(name)}" for name in names]
    if len(listed) == 1:
        return f"action in {listed[0]}"
    inner = "".join(f"\n  {one}," for one in listed).rstrip(",")
    return f"action in [{inner}\n]"
