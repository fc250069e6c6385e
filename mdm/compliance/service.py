"""What people do with rules: look, make their own, change and switch off, accept a SIM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.compliance import failing, rulebook
from mdm.compliance.errors import NoSims, RuleNotFound, RuleTaken, RuleValue
from mdm.compliance.facts import cards
from mdm.compliance.judge import Finding
from mdm.compliance.models import ComplianceRule
from mdm.compliance.rules import DEFAULTS, Rule
from mdm.compliance.sound import flaws
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from muster.kernel import guard, jobs
from muster.kernel.errors import Fault, StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

SWEEP = "mdm.compliance.sweep"


@dataclass(frozen=True)
class RuleInForce:
    """A rule with the version its next change must name; 0 while it is the house's default."""

    rule: Rule
    version: int


def rules(uow: UnitOfWork, actor: Actor, *, device_class: str | None = None) -> list[RuleInForce]:
    """Return every rule as it is in force, or the profile of one class of terminals."""
    guard.require(uow, actor, "mdm.compliance.read", guard.FORCE)
    versions = dict(uow.session.execute(select(ComplianceRule.id, ComplianceRule.version)).all())
    return [
        RuleInForce(rule, versions.get(rule.id, 0))
        for rule in rulebook.read(uow)
        if device_class is None or not rule.classes or device_class in rule.classes
    ]


def rule_in_force(uow: UnitOfWork, actor: Actor, rule_id: str) -> RuleInForce:
    """Return one rule; raises `RuleNotFound`."""
    found = next((one for one in rules(uow, actor) if one.rule.id == rule_id), None)
    if found is None:
        raise RuleNotFound
    return found


def create_rule(uow: UnitOfWork, actor: Actor, rule: Rule) -> RuleInForce:
    """Make a rule of one's own; raises `RuleTaken`, `RuleValue`."""
    decision = guard.require(uow, actor, "mdm.compliance.write", guard.FORCE)
    if any(other.id == rule.id for other in rulebook.read(uow)):
        raise RuleTaken
    decision.note(rule=rule.id, action=rule.action, enabled=rule.enabled, made=True)
    return _write(uow, ComplianceRule(id=rule.id), rule)


def change_rule(
    uow: UnitOfWork, actor: Actor, rule_id: str, *, version: int, **changes: Any
) -> RuleInForce:
    """Change fields of a rule; terminals that now fail are refused once the sweep has come by.

    Raises `RuleNotFound`, `RuleValue` if the rule makes no sense then, `StaleVersion`.
    """
    decision = guard.require(uow, actor, "mdm.compliance.write", guard.FORCE)
    row = uow.session.get(ComplianceRule, rule_id)
    default = next((rule for rule in DEFAULTS if rule.id == rule_id), None)
    before = rulebook.of_row(row) if row is not None else default
    if before is None:
        raise RuleNotFound
    rule = changed(before, changes)
    if version != (row.version if row else 0):
        raise StaleVersion
    decision.note(rule=rule_id, action=rule.action, enabled=rule.enabled)
    return _write(uow, row or ComplianceRule(id=rule_id), rule)


def changed(rule: Rule, changes: Mapping[str, Any]) -> Rule:
    """Return a rule with other fields; what it compares, and its name, stay. Raises `RuleValue`."""
    after = replace(rule, **changes)
    after = replace(after, classes=tuple(dict.fromkeys(after.classes)))
    _refuse_unsound(after)
    return after


def standing(uow: UnitOfWork, actor: Actor, device_id: UUID) -> tuple[Terminal, Sequence[Finding]]:
    """Return a terminal and what it fails by its last verdict."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    return terminal, failing.findings(uow, terminal.principal)


def accept_sims(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Accept the SIMs that are in a terminal now; its next report is judged by them.

    Raises `NoSims` if the terminal never named one.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.accept_sims", terminal.target(actor))
    if terminal.managed.accepted_sims is None:
        raise NoSims
    terminal.managed.accepted_sims = cards(terminal.managed.sims)
    decision.note(reason=reason, cards=len(terminal.managed.sims))
    return terminal


def _write(uow: UnitOfWork, row: ComplianceRule, rule: Rule) -> RuleInForce:
    _refuse_unsound(rule)
    for each in fields(Rule):
        setattr(row, each.name, getattr(rule, each.name))
    row.classes = list(rule.classes)
    uow.session.add(row)
    uow.session.flush()
    jobs.enqueue(uow, SWEEP, {})
    uow.after_commit(lambda: rulebook.forget(uow.kernel.db))
    return RuleInForce(rule, row.version)


def _refuse_unsound(rule: Rule) -> None:
    found = [Fault(f"/{name}", sentence) for name, sentence in flaws(rule)]
    if found:
        raise RuleValue(errors=found)
