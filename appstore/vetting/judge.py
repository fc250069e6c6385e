"""What the rules say of one release: a verdict with evidence for each rule. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appstore.apk import ApkFacts
from appstore.vetting.rules import RULES, Evidence, Past, Rule, Standard, Verdict


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
    return [_check(rule, rule.find(facts, past, measures)) for rule in rules]


def blocks(checks: Iterable[Check]) -> list[Check]:
    """Return the checks that keep a release out."""
    return [check for check in checks if check.verdict == "block"]


def _check(rule: Rule, evidence: Evidence) -> Check:
    return Check(rule.code, rule.verdict if evidence else "pass", rule.title, evidence)
