"""What a rule would do before it is saved: how many terminals would fail it, and which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mdm.attestation import Attestation, known_of
from mdm.compliance import wanted
from mdm.compliance.facts import facts
from mdm.compliance.judge import COMPLIANT, holds
from mdm.compliance.rules import RANK, Rule
from mdm.compliance.service import changed
from mdm.devices.models import ManagedDevice
from muster.kernel import guard
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

MOST_JUDGED: Final = 5000
"""The newest terminals that a preview looks at: it must answer within a second or two."""

MOST_NAMED: Final = 100


@dataclass(frozen=True)
class Would:
    """A terminal that would fail; `closed` if officers see nothing on it even now."""

    device_id: UUID
    label: str
    closed: bool


@dataclass(frozen=True)
class Preview:
    """`fail` of `judged` terminals would; `closing` of them lose access that they have now.

    `all` is False where there are more terminals than a preview looks at. `terminals` names some
    of those that the person may read.
    """

    judged: int
    fail: int
    closing: int
    all: bool
    terminals: Sequence[Would]


def preview(uow: UnitOfWork, actor: Actor, rule: Rule) -> Preview:
    """Judge the fleet by one rule that is not in force; nothing is written.

    Terminals that never reported, or that the rule is not for, are left out. Raises `RuleValue`.
    """
    guard.require(uow, actor, "mdm.compliance.read", guard.FORCE).note(rule=rule.id, preview=True)
    rule = changed(rule, {"enabled": True})
    mine = guard.visible(uow, actor, "mdm.device.read", "Device")
    query = (
        select(Device, ManagedDevice, Attestation, mine.label("mine"))
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .outerjoin(Attestation, Attestation.device_id == Device.id)
        .where(Device.state == "enrolled", Device.posture_at.is_not(None))
        .order_by(Device.id.desc())
        .limit(MOST_JUDGED + 1)
    )
    if rule.classes:
        query = query.where(ManagedDevice.device_class.in_(rule.classes))
    rows = uow.session.execute(query).all()
    failing = [row for row in rows[:MOST_JUDGED] if _fails(uow, rule, row[1], row[2])]
    open_ = [device for device, *_ in failing if device.tier >= COMPLIANT]
    at_once = rule.grace_hours == 0 and RANK[rule.action] > RANK["warn"]
    return Preview(
        judged=min(len(rows), MOST_JUDGED),
        fail=len(failing),
        closing=len(open_) if at_once else 0,
        all=len(rows) <= MOST_JUDGED,
        terminals=[
            Would(device.id, device.label, device.tier < COMPLIANT)
            for device, _managed, _attested, readable in failing
            if readable
        ][:MOST_NAMED],
    )


def _fails(
    uow: UnitOfWork, rule: Rule, managed: ManagedDevice, attestation: Attestation | None
) -> bool:
    known = wanted.completed(uow, known_of(managed, attestation, uow.now()))
    return not holds(rule, facts(known, uow.now()))
