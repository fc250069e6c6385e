"""How grave a failed rule is by now: it warns first, then acts, then escalates. Pure.

first failure ── grace ──→ action ── deadline ──→ escalation
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mdm.compliance.rules import RANK, Consequence, Rule


@dataclass(frozen=True)
class Stage:
    """What a failed rule does now, and from `deadline` on (`then`); None if it stays like this."""

    action: Consequence
    deadline: datetime | None = None
    then: Consequence | None = None


def stage(rule: Rule, since: datetime, now: datetime) -> Stage:
    """Return what a rule does that fails since a moment. It never grows milder as time goes by."""
    steps = _steps(rule, since)
    reached = [action for at, action in steps if at <= now]
    action: Consequence = max(reached, key=_rank, default="warn")
    coming = [(at, then) for at, then in steps if at > now and RANK[then] > RANK[action]]
    if not coming:
        return Stage(action)
    deadline, then = min(coming, key=lambda step: step[0])
    return Stage(action, deadline, then)


def _steps(rule: Rule, since: datetime) -> list[tuple[datetime, Consequence]]:
    steps = [(since + timedelta(hours=rule.grace_hours), rule.action)]
    if rule.escalation is not None and rule.deadline_hours is not None:
        steps.append((since + timedelta(hours=rule.deadline_hours), rule.escalation))
    return steps


def _rank(action: Consequence) -> int:
    return RANK[action]
