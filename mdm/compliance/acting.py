"""What a rule does beyond closing a terminal: erase app data by itself, ask people for a wipe.

A rule never wipes. Where it says `wipe`, the device admins are asked, and the wipe takes the two
people that every wipe takes. Each consequence is carried out once for as long as the rule fails.
"""

from mdm.commands import queue
from mdm.commands.agents import CAN
from mdm.compliance.failing import Rows
from mdm.compliance.models import Failing
from mdm.compliance.rules import RANK
from mdm.devices.models import ManagedDevice
from muster.kernel import notices
from muster.kernel.audit import Entry
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork


def act(uow: UnitOfWork, principal: Device, rows: Rows) -> None:
    """Carry out what has come due and was not carried out yet."""
    for row in rows.values():
        if RANK[row.action] > max(RANK["block"], RANK[row.acted]):
            _carry_out(uow, principal, row)
            row.acted = row.action


def _carry_out(uow: UnitOfWork, principal: Device, row: Failing) -> None:
    managed = uow.session.get_one(ManagedDevice, principal.id)
    able = row.action in CAN.get(managed.agent, ())
    if row.action == "wipe_app_data" and able:
        _erase_app_data(uow, row)
    else:
        _ask(uow, principal, row)
    uow.record(
        Entry(
            action="mdm.posture.escalated",
            outcome="done",
            actor_kind="system",
            actor_label="compliance",
            unit_id=principal.unit_id,
            device_id=principal.id,
            resource_type="Device",
            resource_id=str(principal.id),
            result={"rule": row.rule_id, "action": row.action},
            at=uow.now(),
        )
    )


def _erase_app_data(uow: UnitOfWork, row: Failing) -> None:
    """Queue it once: not beside one that waits, and not behind a wipe."""
    waiting = {command.kind for command in queue.waiting(uow, row.device_id)}
    if not waiting & {"wipe", "wipe_app_data"}:
        reason = f"compliance rule {row.rule_id}"
        queue.put(uow, row.device_id, "wipe_app_data", reason=reason, body={"packages": []})


def _ask(uow: UnitOfWork, principal: Device, row: Failing) -> None:
    notices.send(
        uow,
        "mdm.compliance_deadline",
        role="device_admin",
        unit_id=principal.unit_id,
        subject_key=f"{principal.id}:{row.rule_id}",
        params={"device": principal.label, "rule": row.rule_id},
        link=f"/console/devices/{principal.id}",
    )
