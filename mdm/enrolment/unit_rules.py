"""What a unit wants of every terminal that comes in, whatever the token says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mdm.enrolment.models import EnrolRule
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class UnitRule:
    """The rule of a unit, by its code; units below it follow unless they have one of their own."""

    unit: str
    needs_approval: bool


def rules(uow: UnitOfWork, actor: Actor) -> Sequence[UnitRule]:
    """Return the rules of all units that have one."""
    guard.require(uow, actor, "mdm.enrol_rule.list", guard.FORCE)
    query = select(Unit.code, EnrolRule.needs_approval).join(
        EnrolRule, EnrolRule.unit_id == Unit.id
    )
    return [UnitRule(*row) for row in uow.session.execute(query.order_by(Unit.path))]


def set_rule(uow: UnitOfWork, actor: Actor, code: str, *, needs_approval: bool) -> UnitRule:
    """Set what a unit wants. Raises `NotFound` for an unknown unit."""
    unit = uow.kernel.people.by_code(code)
    target = Target("EnrolRule", str(unit.id), unit=unit.path)
    decision = guard.require(uow, actor, "mdm.enrol_rule.set", target)
    row = uow.session.get(EnrolRule, unit.id) or EnrolRule(unit_id=unit.id)
    row.needs_approval = needs_approval
    uow.session.add(row)
    decision.note(unit=code, needs_approval=needs_approval)
    return UnitRule(code, needs_approval)
