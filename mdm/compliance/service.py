"""Looking at and changing the rules, and writing a verdict where every request reads it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mdm.compliance import rulebook
from mdm.compliance.errors import RuleNotFound, RuleValue
from mdm.compliance.judge import Known, Verdict, judge, version_key
from mdm.compliance.models import ComplianceRule
from mdm.compliance.rules import DEFAULTS, Consequence, Rule, Severity
from muster.kernel import guard, jobs
from muster.kernel.audit import Entry
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor, Device, posture
from muster.kernel.uow import UnitOfWork

SWEEP = "mdm.compliance.sweep"


@dataclass(frozen=True)
class RuleInForce:
    """A rule with the version its next change must name; 0 while it is the house's default."""

    rule: Rule
    version: int


def rules(uow: UnitOfWork, actor: Actor) -> list[RuleInForce]:
    """Return every rule as it is in force."""
    guard.require(uow, actor, "mdm.compliance.read", guard.FORCE)
    versions = dict(uow.session.execute(select(ComplianceRule.id, ComplianceRule.version)).all())
    return [RuleInForce(rule, versions.get(rule.id, 0)) for rule in rulebook.read(uow)]


def change_rule(
    uow: UnitOfWork,
    actor: Actor,
    rule_id: str,
    *,
    value: Any,
    severity: Severity,
    action: Consequence,
    enabled: bool,
    version: int,
) -> RuleInForce:
    """Change a rule; terminals that now fail are refused as soon as the sweep has come by.

    Raises `RuleNotFound`, `RuleValue` if `value` does not suit the rule, `StaleVersion`.
    """
    default = next((rule for rule in DEFAULTS if rule.id == rule_id), None)
    decision = guard.require(uow, actor, "mdm.compliance.write", guard.FORCE)
    if default is None:
        raise RuleNotFound
    _check_value(default, value)
    row = uow.session.get(ComplianceRule, rule_id)
    if version != (row.version if row else 0):
        raise StaleVersion
    if row is None:
        row = ComplianceRule(id=rule_id, fact=default.fact, operator=default.operator)
        uow.session.add(row)
    row.value, row.severity, row.action, row.enabled = value, severity, action, enabled
    uow.session.flush()
    decision.note(rule=rule_id, action=action, enabled=enabled)
    jobs.enqueue(uow, SWEEP, {})
    uow.after_commit(lambda: rulebook.forget(uow.kernel.db))
    rule = next(rule for rule in rulebook.read(uow) if rule.id == rule_id)
    return RuleInForce(rule, row.version)


def write_verdict(uow: UnitOfWork, principal: Device, known: Known) -> Verdict:
    """Judge a terminal that has just reported, and store the verdict; a change is recorded."""
    verdict = judge(known, rulebook.in_force(uow), uow.now())
    before = (principal.tier, tuple(principal.posture_reasons))
    posture.judge(uow, principal.id, verdict.tier, list(verdict.reasons))
    if before != (verdict.tier, verdict.reasons):
        record_verdict(uow, principal, verdict)
    return verdict


def record_verdict(uow: UnitOfWork, principal: Device, verdict: Verdict) -> None:
    """Put a changed verdict on the terminal's timeline."""
    uow.record(
        Entry(
            action="mdm.posture.changed",
            outcome="done",
            actor_kind="system",
            actor_label="compliance",
            unit_id=principal.unit_id,
            device_id=principal.id,
            resource_type="Device",
            resource_id=str(principal.id),
            result={"tier": verdict.tier, "reasons": list(verdict.reasons)},
            at=uow.now(),
        )
    )


def _check_value(rule: Rule, value: Any) -> None:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "is": isinstance(value, bool),
        "at_most": numeric and 0 <= value <= 100_000,
        "at_least": numeric and 0 <= value <= 100_000,
        "version_at_least": isinstance(value, str) and len(value) <= 32 and version_key(value),
    }
    if not fits[rule.operator]:
        raise RuleValue
