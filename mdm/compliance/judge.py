"""From facts to verdict: which rules a terminal fails, since when, and which tier that leaves. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mdm.compliance.escalation import stage
from mdm.compliance.facts import Attested, Known, Wanted, facts
from mdm.compliance.rules import RANK, Consequence, Operator, Rule, Severity

__all__ = [
    "ATTESTED",
    "AWAITING",
    "COMPLIANT",
    "ENROLLED",
    "NEVER_REPORTED",
    "NONE",
    "Attested",
    "Finding",
    "Known",
    "Verdict",
    "Wanted",
    "facts",
    "holds",
    "judge",
    "version_key",
]
NONE, ENROLLED, COMPLIANT, ATTESTED = 0, 1, 2, 3
AWAITING: Final = "awaiting_approval"
NEVER_REPORTED: Final = "never_reported"


@dataclass(frozen=True)
class Finding:
    """One failed rule: what it does now (`action`), and from `deadline` on (`then`)."""

    id: str
    severity: Severity
    since: datetime
    action: Consequence
    deadline: datetime | None = None
    then: Consequence | None = None
    sentence_en: str = ""
    sentence_zh: str = ""


@dataclass(frozen=True)
class Verdict:
    """`tier`: 0 not let in yet, 1 enrolled, 2 compliant, 3 compliant and its key attested by hardware.

    `findings` are the failed rules, the gravest first; `reasons` their ids.
    """

    tier: int
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def compliant(self) -> bool:
        """Whether officers may see data on this terminal."""
        return self.tier >= COMPLIANT


def judge(
    known: Known,
    rules: Iterable[Rule],
    now: datetime,
    since: Mapping[str, datetime] | None = None,
    *,
    by_clock: bool = False,
) -> Verdict:
    """Return the verdict on a terminal; one that never said anything of itself is not compliant.

    `since` says when each rule that is on record began to fail. `by_clock`: the terminal did not
    report, so what is on record still fails; time alone puts nothing right. Nothing that a terminal
    says lifts one that waits to be let in.
    """
    if known.awaiting:
        return Verdict(NONE, (AWAITING,))
    if not known.posture:
        return Verdict(ENROLLED, (NEVER_REPORTED,))
    given, began = facts(known, now), since or {}
    findings = [
        finding(rule, began.get(rule.id, now), now)
        for rule in rules
        if rule.judges(known.device_class)
        and ((by_clock and rule.id in began) or not holds(rule, given))
    ]
    findings.sort(key=lambda found: -RANK[found.action])
    blocked = any(RANK[found.action] > RANK["warn"] for found in findings)
    best = ATTESTED if known.attested.result == "verified" else COMPLIANT
    return Verdict(
        ENROLLED if blocked else best, tuple(found.id for found in findings), tuple(findings)
    )


def finding(rule: Rule, since: datetime, now: datetime) -> Finding:
    """Return a failed rule as it stands now."""
    reached = stage(rule, since, now)
    return Finding(
        id=rule.id,
        severity=rule.severity,
        since=since,
        action=reached.action,
        deadline=reached.deadline,
        then=reached.then,
        sentence_en=rule.sentence_en,
        sentence_zh=rule.sentence_zh,
    )


def holds(rule: Rule, given: Mapping[str, Any]) -> bool:
    """Whether a rule holds for the facts that are known."""
    if rule.fact not in given:
        return rule.unknown_passes
    return _TESTS[rule.operator](given[rule.fact], rule.value)


def version_key(text: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparing: `1.10.2-rc1` is (1, 10, 2)."""
    numbers = re.match(r"\d{1,9}(\.\d{1,9})*", text)
    if numbers is None:
        return ()
    key = [int(number) for number in numbers.group().split(".")]
    while key and key[-1] == 0:
        key.pop()
    return tuple(key)


def _not_above(fact: str, value: str) -> bool:
    """A version without numbers is below nothing."""
    return version_key(fact) != () and version_key(fact) <= version_key(value)


_TESTS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    "is": lambda fact, value: fact is value if isinstance(value, bool) else fact == value,
    "at_most": lambda fact, value: fact <= value,
    "at_least": lambda fact, value: fact >= value,
    "version_at_least": lambda fact, value: version_key(fact) >= version_key(value),
    "version_at_most": _not_above,
    "one_of": lambda fact, value: fact in value,
    "has_all": lambda fact, value: fact >= frozenset(value),
    "has_none": lambda fact, value: not fact & frozenset(value),
}
