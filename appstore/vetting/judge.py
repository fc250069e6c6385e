"""What the rules say of one release: a verdict with evidence for each rule. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from appstore.apk import ApkFacts
from appstore.vetting.measures import Evidence, Past, Standard
from appstore.vetting.rules import RULES, Rule, Verdict

_RULES = {rule.code: rule for rule in RULES}


class Judged(Protocol):
    """A verdict, fresh or as it was kept."""

    @property
    def rule(self) -> str: ...
    @property
    def verdict(self) -> str: ...


@dataclass(frozen=True)
class Check:
    """One rule's verdict; evidence names what was found."""

    rule: str
    verdict: Verdict
    title: str
    evidence: Evidence = ()


def judge(
    facts: ApkFacts,
    past: Past,
    *,
    rules: Sequence[Rule] = RULES,
    standard: Standard | None = None,
) -> list[Check]:
    """Return one check per rule, in the rules' order."""
    measures = standard or Standard()
    return [_check(rule, rule.find(facts, past, measures), past) for rule in rules]


def blocks(checks: Iterable[Check]) -> list[Check]:
    """Return the checks that keep a release out."""
    return [check for check in checks if check.verdict == "block"]


def sensitive(checks: Iterable[Judged]) -> bool:
    """Whether a release needs a second approver.

    So it is when a grave rule found something, when a blocking one was waived, and when a rule that
    is not of this set, a scanner's or a web app's, warns.
    """
    return any(check.verdict == "warn" and _is_grave(check.rule) for check in checks)


def _is_grave(code: str) -> bool:
    rule = _RULES.get(code)
    return rule is None or rule.grave or rule.verdict == "block"


def _check(rule: Rule, evidence: Evidence, past: Past) -> Check:
    """A waived block is a warning that names the waiver, before what was found."""
    waiver = past.waivers.get(rule.code)
    if evidence and waiver and rule.waivable:
        return Check(rule.code, "warn", rule.title, (waiver, *evidence))
    return Check(rule.code, rule.verdict if evidence else "pass", rule.title, evidence)
