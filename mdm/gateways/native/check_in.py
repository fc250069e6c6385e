"""The hot path: a terminal reports, is judged, and is told what to do. One commit.

Statements: the gate row, one read of the terminal with its open commands, one update of each of
its two rows, one audit insert (once a minute): five. One read more for a terminal that fails a
rule. The rules are read again every five seconds per process; more only when there is news
(history, outbox, configuration, commands).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from mdm.attestation import Attestation, known_of
from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import handed_out
from mdm.compliance import failing
from mdm.compliance.judge import COMPLIANT, Finding
from mdm.compliance.verdicts import write_verdict
from mdm.configuration import desired
from mdm.configuration.ports import SECTIONS
from mdm.devices.models import ManagedDevice
from mdm.gateways.native import after_wipe, results
from mdm.gateways.native.report import CheckIn, plain
from mdm.gateways.native.storing import Stored, store
from mdm.gateways.native.target import myself, terminal_of
from mdm.hints.pace import jittered
from muster.kernel import guard
from muster.kernel.identity import PARENT_NOT_COMPLIANT, Actor, Device
from muster.kernel.uow import UnitOfWork

CLOSELY: Final = 60  # seconds between reports of a terminal that is out of service
_LOAD: Final = (
    select(Device, ManagedDevice, Attestation, Command)
    .join(ManagedDevice, ManagedDevice.id == Device.id)
    .outerjoin(Attestation, Attestation.device_id == Device.id)
    .outerjoin(Command, and_(Command.device_id == Device.id, Command.live))
    .where(Device.id == bindparam("device"))
    .order_by(Command.id)
    .with_for_update(of=Device)
)
"""Made once: the hot path has no time to build it anew."""


@dataclass(frozen=True)
class Told:
    """What a terminal is told after its report.

    `state` and `reasons` are those of its parent, too, where it has one: see `identity.tether`.
    """

    principal: Device
    managed: ManagedDevice
    state: str
    reasons: Sequence[str]
    findings: Sequence[Finding]
    stored: Stored
    configuration: dict[str, Any] | None
    commands: Sequence[Command]
    next_check_in_seconds: int

    @property
    def compliant(self) -> bool:
        """Whether officers may see data on it now."""
        return (
            self.state == "enrolled"
            and self.principal.tier >= COMPLIANT
            and PARENT_NOT_COMPLIANT not in self.reasons
        )


def check_in(uow: UnitOfWork, actor: Actor, report: CheckIn) -> Told:
    """Take a report. Every terminal with a known key may; only one in service is judged.

    A report that is older than the last one taken is answered; only its results count.
    """
    decision = guard.require(uow, actor, "mdm.agent.check_in", myself(actor))
    principal, managed, attestation, waiting = _load(uow, terminal_of(actor).id)
    if principal.state == "wiped" and not report.results:
        after_wipe.alarm(uow, principal)
        decision.note(after_wipe=True)
    stored = _stored(uow, principal, managed, waiting, report)
    known = known_of(managed, attestation, uow.now(), stored.changed)
    results.take_all(uow, actor, waiting, report.results)
    open_ = [command for command in waiting if command.live]
    in_service = _let_in(principal, managed) and not _to_be_wiped(open_)
    if in_service and stored.fresh and report.posture is not None:
        findings = write_verdict(uow, principal, known).findings
    else:
        findings = failing.findings(uow, principal)
    state, held_back = _with_parent(actor, principal)
    in_service = in_service and state == "enrolled"
    if in_service and stored.fresh and report.apps:
        _tell_sections(uow, principal.id, report)
    answered = {result.command_id for result in report.results}
    commands = handed_out(
        [command for command in open_ if command.id not in answered],
        principal.state if state == principal.state else "lost",
        uow.now(),
    )
    queue.deliver(uow, commands)
    lags = known.applied_hash != managed.desired_hash
    return Told(
        principal=principal,
        managed=managed,
        state=state,
        reasons=[*held_back, *principal.posture_reasons],
        findings=findings,
        stored=stored,
        configuration=desired.sealed(uow, managed) if in_service and lags else None,
        commands=commands,
        next_check_in_seconds=jittered(managed.check_in_seconds if in_service else CLOSELY),
    )


def _let_in(principal: Device, managed: ManagedDevice) -> bool:
    """Whether the terminal is in service: neither out of the house nor still waiting at its door."""
    return principal.state == "enrolled" and not managed.awaiting


def _with_parent(actor: Actor, principal: Device) -> tuple[str, Sequence[str]]:
    """Return the state that counts, and the reason that lies with the parent, if there is one.

    A child of a terminal that is out of service is given what a lost one is given.
    """
    terminal = terminal_of(actor)
    state = terminal.state if principal.state == "enrolled" else principal.state
    return state, [PARENT_NOT_COMPLIANT] if PARENT_NOT_COMPLIANT in terminal.reasons else []


def _stored(
    uow: UnitOfWork,
    principal: Device,
    managed: ManagedDevice,
    waiting: Sequence[Command],
    report: CheckIn,
) -> Stored:
    if report.sequence is not None and report.sequence <= managed.sequence:
        return Stored(fresh=False, sequence=managed.sequence)
    return store(uow, principal, managed, {command.kind for command in waiting}, report)


def _to_be_wiped(open_: Sequence[Command]) -> bool:
    """Whether a wipe waits: then no report opens the terminal to officers again."""
    return any(command.kind == "wipe" for command in open_)


def _load(
    uow: UnitOfWork, device_id: UUID
) -> tuple[Device, ManagedDevice, Attestation | None, list[Command]]:
    """Read the terminal and its open commands at once; its row is locked against a lost report."""
    rows = uow.session.execute(_LOAD, {"device": device_id}).all()
    commands = [command for *_, command in rows if command is not None]
    return rows[0][0], rows[0][1], rows[0][2], commands


def _tell_sections(uow: UnitOfWork, device_id: UUID, report: CheckIn) -> None:
    section = uow.kernel.ports.all(SECTIONS).get("apps")
    if section is not None:
        section.reported(uow, device_id, [plain(app) for app in report.apps])
