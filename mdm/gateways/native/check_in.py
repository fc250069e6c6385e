"""The hot path: a terminal reports, is judged, and is told what to do. One commit.

Statements: the gate row, one read of the terminal with its open commands, one update of each of
its two rows, one audit insert (once a minute): five. The rules are read again every five seconds
per process; more only when there is news (outbox, configuration, commands).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select, update

from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import OPEN, handed_out
from mdm.compliance.judge import COMPLIANT, Known
from mdm.compliance.service import write_verdict
from mdm.configuration import desired
from mdm.configuration.models import Desired
from mdm.configuration.ports import SECTIONS
from mdm.devices.models import ManagedDevice
from mdm.gateways.native import after_wipe
from mdm.gateways.native.report import CheckIn, CommandResult, plain
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

CLOSELY: Final = 60  # seconds between reports of a terminal that is out of service
_COLUMNS: Final = ("imei", "model", "os", "os_version", "agent_version")


@dataclass(frozen=True)
class Told:
    """What a terminal is told after its report."""

    principal: Device
    managed: ManagedDevice
    configuration: dict[str, Any] | None
    commands: Sequence[Command]
    next_check_in_seconds: int

    @property
    def compliant(self) -> bool:
        """Whether officers may see data on it now."""
        return self.principal.state == "enrolled" and self.principal.tier >= COMPLIANT


def check_in(uow: UnitOfWork, actor: Actor, report: CheckIn) -> Told:
    """Take a report. Every terminal with a known key may; only one in service is judged."""
    decision = guard.require(uow, actor, "mdm.agent.check_in", myself(actor))
    principal, managed, waiting = _load(uow, terminal_of(actor).id)
    if principal.state == "wiped" and not report.results:
        after_wipe.alarm(uow, principal)
        decision.note(after_wipe=True)
    known = _store(uow, managed, report)
    _take_results(uow, actor, waiting, report.results)
    open_ = [command for command in waiting if command.state in OPEN]
    in_service = principal.state == "enrolled" and not _to_be_wiped(open_)
    if in_service and report.posture is not None:
        write_verdict(uow, principal, known)
    if in_service and report.apps:
        _tell_sections(uow, principal.id, report)
    answered = {result.command_id for result in report.results}
    commands = handed_out(
        [command for command in open_ if command.id not in answered], principal.state
    )
    queue.deliver(uow, commands)
    lags = known.applied_hash != managed.desired_hash
    return Told(
        principal=principal,
        managed=managed,
        configuration=desired.sealed(uow, managed) if in_service and lags else None,
        commands=commands,
        next_check_in_seconds=managed.check_in_seconds if in_service else CLOSELY,
    )


def _to_be_wiped(open_: Sequence[Command]) -> bool:
    """Whether a wipe waits: then no report opens the terminal to officers again."""
    return any(command.kind == "wipe" for command in open_)


def _load(uow: UnitOfWork, device_id: UUID) -> tuple[Device, ManagedDevice, list[Command]]:
    """Read the terminal and its open commands at once; its row is locked against a lost report."""
    rows = uow.session.execute(
        select(Device, ManagedDevice, Command)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .outerjoin(Command, and_(Command.device_id == Device.id, Command.state.in_(OPEN)))
        .where(Device.id == device_id)
        .order_by(Command.id)
        .with_for_update(of=Device)
    ).all()
    commands = [command for _, _, command in rows if command is not None]
    return rows[0][0], rows[0][1], commands


def _store(uow: UnitOfWork, managed: ManagedDevice, report: CheckIn) -> Known:
    """Write the report past the row's version, which counts people's edits; return what is known."""
    changed: dict[str, Any] = {"last_seen": uow.now(), "updated_at": managed.updated_at}
    if report.posture is not None:
        changed["facts"] = plain(report.posture)
    if report.battery is not None:
        changed["battery"] = report.battery
    if report.apps:
        changed["apps"] = [plain(app) for app in report.apps]
    changed |= _inventory(managed, report) | _applied(uow, managed, report)
    uow.session.execute(
        update(ManagedDevice)
        .where(ManagedDevice.id == managed.id)
        .values(changed)
        .execution_options(synchronize_session=False)
    )
    return Known(
        posture=changed.get("facts", managed.facts),
        patch_level=changed.get("patch_level", managed.patch_level),
        agent_version=changed.get("agent_version", managed.agent_version),
        desired_hash=managed.desired_hash,
        applied_hash=changed.get("applied_hash", managed.applied_hash),
        desired_at=managed.desired_at,
    )


def _inventory(managed: ManagedDevice, report: CheckIn) -> dict[str, Any]:
    if report.inventory is None:
        return {}
    given = plain(report.inventory)
    changed: dict[str, Any] = {name: given.pop(name) for name in _COLUMNS if name in given}
    if given.pop("patch_level", None):
        changed["patch_level"] = report.inventory.patch_level
    if given:
        changed["inventory"] = managed.inventory | given
    return changed


def _applied(uow: UnitOfWork, managed: ManagedDevice, report: CheckIn) -> dict[str, Any]:
    """Believe an echo only of a document that exists."""
    echo = report.applied_hash
    if echo is None or echo == managed.applied_hash:
        return {}
    if echo != managed.desired_hash:
        known = select(Desired.hash).where(Desired.hash == echo)
        if uow.session.scalar(known) is None:
            return {}
    return {"applied_hash": echo, "applied_at": uow.now()}


def _take_results(
    uow: UnitOfWork, actor: Actor, waiting: Sequence[Command], results: Sequence[CommandResult]
) -> None:
    """Take what became of commands; a result for one that is unknown or over is passed over."""
    known = {command.id: command for command in waiting}
    late = [result.command_id for result in results if result.command_id not in known]
    if late:
        known |= {
            command.id: command
            for command in uow.session.scalars(
                select(Command).where(
                    Command.id.in_(late),
                    Command.device_id == terminal_of(actor).id,
                    Command.state == "unconfirmed",
                )
            )
        }
    for result in results:
        command = known.get(result.command_id)
        if command is not None:
            take(uow, actor, command, result)


def take(uow: UnitOfWork, actor: Actor, command: Command, result: CommandResult) -> Command:
    """Take one result and put it on the timeline; a repeated one changes nothing."""
    decision = guard.require(uow, actor, "mdm.agent.result", myself(actor))
    news = queue.take_result(
        uow, command, result.outcome, {"outcome": result.outcome, "detail": result.detail}
    )
    decision.note(
        command=str(command.id), kind=command.kind, outcome=result.outcome, repeated=not news
    )
    return command


def _tell_sections(uow: UnitOfWork, device_id: UUID, report: CheckIn) -> None:
    section = uow.kernel.ports.all(SECTIONS).get("apps")
    if section is not None:
        section.reported(uow, device_id, [plain(app) for app in report.apps])
