"""What a matrix shows: for every role and action, how far a holder of that role alone reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from muster.kernel import guard
from muster.kernel.guard import Action, Edition, Guard, Rule, facts
from muster.kernel.guard.fragments import SCOPES as APP_SCOPES
from muster.kernel.guard.rules import mentions
from muster.kernel.identity import Actor, App, Person, Terminal
from muster.kernel.identity.actor import Post
from muster.kernel.identity.roles import ROLES
from muster.kernel.policies import matrix, sets
from muster.kernel.policies.matrix import Scope
from muster.kernel.policies.representatives import Place, literals, targets
from muster.kernel.uow import UnitOfWork

_ANY: Final = UUID(int=0)
_HERE, _THERE = "/R/U/", "/R/V/"
_FIELD: Final = frozenset({"data", "data_write", "needs_purpose", "deposit_door"})


@dataclass(frozen=True)
class Row:
    """One action: the scopes that can be granted, and the widest one in force, by role."""

    action: Action
    scopes: Sequence[Scope]
    reach: dict[str, Scope]


def rows(uow: UnitOfWork, actor: Actor) -> list[Row]:
    """Return the matrix under the set in force."""
    guard.require(uow, actor, "access.policy.read", guard.FORCE)
    judge, edition, at = uow.kernel.guard, sets.in_force(uow), uow.now()
    known = literals(edition.rules.values())
    return [
        Row(
            action,
            matrix.scopes(judge, action),
            {
                role: reach
                for role in ROLES
                if (reach := _reach(judge, edition, action, role, known, at)) is not None
            },
        )
        for action in matrix.actions(judge)
    ]


def _reach(
    judge: Guard,
    edition: Edition,
    action: Action,
    role: str,
    known: dict[str, set[Any]],
    at: datetime,
) -> Scope | None:
    """Return the widest scope under which anything of an action is permitted to one role."""
    if not any(_for_role(rule, role) for rule in edition.about(action.name, "Officer")):
        return None
    person = Person(
        id=_ANY,
        number="",
        name="",
        sworn=True,
        rank=100,
        unit_id=_ANY,
        unit="U",
        unit_path=_HERE,
        posts=(Post(role, "U"),),
    )
    stand_in = _actor(action, person, at)
    who = facts.subject(stand_in, at)
    context = facts.context(stand_in, judge.settings, at, "check", "case")
    places = [Place("elsewhere", _THERE), Place("own_unit", _HERE)]
    widest: Scope | None = None
    for target, situation in targets(
        judge.resources.get(action.resource), action.resource, places, known
    ):
        if not edition.judge(stand_in, action.name, target, who, context).allowed:
            continue
        if not situation.own and situation.place in ("", "elsewhere"):
            return "force"
        if not situation.own:
            widest = "units"
        widest = widest or "own"
    return widest


def _for_role(rule: Rule, role: str) -> bool:
    """Whether a permit could be met by a role: it asks for it, or for no role at all."""
    asked = {path for path in mentions(rule.policy) if path.startswith("principal.posts.")}
    return rule.effect == "permit" and (not asked or f"principal.posts.{role}" in asked)


def _actor(action: Action, person: Person, at: datetime) -> Actor:
    if not action.scope and _FIELD.isdisjoint(action.groups):
        return Actor("officer", "console", person, aal=2, auth_at=at)
    device = Terminal(_ANY, "", "enrolled", 3, _ANY, "U", _HERE, "", posture_at=at)
    app = App(_ANY, "", tuple(APP_SCOPES))
    return Actor("officer", "field", person, device, app, scope=app.scopes, aal=2, auth_at=at)
