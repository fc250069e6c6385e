"""The record of what fails since when: read with a verdict, written only when it changes.

A terminal without posture reasons has no rows, so judging it costs no statement here.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mdm.compliance import rulebook
from mdm.compliance.judge import Finding, Verdict, finding
from mdm.compliance.models import Failing
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork

Rows = dict[str, Failing]


def of(uow: UnitOfWork, principal: Device) -> Rows:
    """Return what is on record of a terminal, by rule."""
    if not principal.posture_reasons:
        return {}
    query = select(Failing).where(Failing.device_id == principal.id)
    return {row.rule_id: row for row in uow.session.scalars(query)}


def since(rows: Rows) -> dict[str, datetime]:
    """Return when each rule on record began to fail."""
    return {rule_id: row.since for rule_id, row in rows.items()}


def keep(uow: UnitOfWork, device_id: UUID, rows: Rows, verdict: Verdict) -> Rows:
    """Write what a verdict changes, and return the rows as they are now."""
    kept: Rows = {}
    for found in verdict.findings:
        row = rows.get(found.id)
        if row is None:
            row = Failing(device_id=device_id, rule_id=found.id, since=found.since, acted="")
            uow.session.add(row)
        row.action, row.due_at = found.action, found.deadline
        kept[found.id] = row
    for rule_id in rows.keys() - kept.keys():
        uow.session.delete(rows[rule_id])
    return kept


def findings(uow: UnitOfWork, principal: Device) -> tuple[Finding, ...]:
    """Return what a terminal fails by its last verdict, as grave as that is by now."""
    rows = of(uow, principal)
    if not rows:
        return ()
    rules = {rule.id: rule for rule in rulebook.in_force(uow)}
    return tuple(
        finding(rules[reason], rows[reason].since, uow.now())
        for reason in principal.posture_reasons
        if reason in rows and reason in rules
    )
