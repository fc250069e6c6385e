"""From facts to verdict: which rules a terminal fails, and which tier that leaves it. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from mdm.compliance.rules import Operator, Rule

ENROLLED, COMPLIANT = 1, 2
NEVER_REPORTED: Final = "never_reported"


@dataclass(frozen=True)
class Verdict:
    """`tier`: 1 enrolled, 2 compliant. `reasons` are the ids of failed rules, blocking ones first.

    Tier 3 (attested) is not given by rules.
    """

    tier: int
    reasons: tuple[str, ...]

    @property
    def compliant(self) -> bool:
        """Whether officers may see data on this terminal."""
        return self.tier >= COMPLIANT


@dataclass(frozen=True)
class Known:
    """What is known of a terminal: its own words, and what the server has measured."""

    posture: Mapping[str, Any]
    patch_level: date | None
    agent_version: str
    desired_hash: str
    applied_hash: str
    desired_at: datetime | None


def facts(known: Known, now: datetime) -> dict[str, Any]:
    """Return the facts that rules name; what is not known is left out.

    `configuration_lag_hours` is 0 while what is wanted is applied, else the hours since it was
    wanted; a terminal that never applied anything has no such fact.
    """
    result = {name: value for name, value in known.posture.items() if value is not None}
    if known.patch_level is not None:
        result["patch_age_days"] = (now.date() - known.patch_level).days
    if known.agent_version:
        result["agent_version"] = known.agent_version
    if known.desired_hash and known.applied_hash == known.desired_hash:
        result["configuration_lag_hours"] = 0.0
    elif known.applied_hash and known.desired_at is not None:
        result["configuration_lag_hours"] = (now - known.desired_at).total_seconds() / 3600
    return result


def judge(known: Known, rules: Iterable[Rule], now: datetime) -> Verdict:
    """Return the verdict on a terminal; one that never said anything of itself is not compliant."""
    if not known.posture:
        return Verdict(ENROLLED, (NEVER_REPORTED,))
    given = facts(known, now)
    failed = [rule for rule in rules if rule.enabled and not _holds(rule, given)]
    blocking = [rule.id for rule in failed if rule.action == "block"]
    warnings = [rule.id for rule in failed if rule.action == "warn"]
    return Verdict(ENROLLED if blocking else COMPLIANT, (*blocking, *warnings))


def version_key(text: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparing: `1.10.2-rc1` is (1, 10, 2)."""
    numbers = re.match(r"\d{1,9}(\.\d{1,9})*", text)
    if numbers is None:
        return ()
    key = [int(number) for number in numbers.group().split(".")]
    while key and key[-1] == 0:
        key.pop()
    return tuple(key)


def _holds(rule: Rule, given: Mapping[str, Any]) -> bool:
    return rule.fact in given and _TESTS[rule.operator](given[rule.fact], rule.value)


_TESTS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    "is": lambda fact, value: fact is value if isinstance(value, bool) else fact == value,
    "at_most": lambda fact, value: fact <= value,
    "at_least": lambda fact, value: fact >= value,
    "version_at_least": lambda fact, value: version_key(fact) >= version_key(value),
}
