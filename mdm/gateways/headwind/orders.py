"""Commands in the agent's way: flags that stay up until it confirms, and pushes it may miss.

The agent knows no command ids. Wipe, lock, reboot and passcode are flags of its configuration,
true until the confirm call (lock: until an operator unlocks); message and remove are pushes. All
of them live in the ordinary queue, so every state means what it means for any terminal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, or_, select

from mdm.commands import queue, sealed
from mdm.commands.models import Command
from mdm.commands.states import ANSWERABLE, Outcome, handed_out
from mdm.gateways.headwind.door import Caller
from mdm.gateways.headwind.errors import NothingToConfirm
from mdm.gateways.headwind.evidence import Finding, proves
from muster.kernel.uow import UnitOfWork

PUSHED: Final = ("message", "remove")
LOCKS: Final = ("lock", "unlock")
APPS: Final = ("install", "remove")
CONFIRMED: Final = {"wipe": "wipe", "reboot": "reboot", "password": "reset_passcode"}
TRIED: Final = "tried_at"
_REMEMBERED: Final = timedelta(days=1)
MESSAGE: Final = "muster.message"
"""The push type of a message: the agent passes it on as the broadcast `com.hmdm.push.<type>`."""


@dataclass(frozen=True)
class Standing:
    """What is ordered of a terminal: open commands to carry, the lock that holds, apps to have."""

    carried: Sequence[Command]
    lock: Command | None
    installs: frozenset[str]


_STANDING: Final = (
    select(Command)
    .where(
        Command.device_id == bindparam("id"),
        or_(
            Command.live,
            Command.kind.in_((*LOCKS, *APPS)) & Command.state.in_(("acknowledged", "unconfirmed")),
        ),
    )
    .order_by(Command.id)
)


def standing(uow: UnitOfWork, caller: Caller) -> Standing:
    """Return what is ordered, in one statement; nothing is handed out yet.

    The newest word on the lock counts, and for each app the newest of install and remove.
    """
    every = uow.session.scalars(_STANDING, {"id": caller.principal.id}).all()
    open_ = [command for command in every if command.live]
    locks = [command for command in every if command.kind in LOCKS]
    last = {each.body.get("package"): each.kind for each in every if each.kind in APPS}
    return Standing(
        [
            each
            for each in handed_out(open_, caller.principal.state, uow.now(), as_flags=True)
            if each.kind not in PUSHED
        ],
        locks[-1] if locks and locks[-1].kind == "lock" else None,
        frozenset(package for package, kind in last.items() if package and kind == "install"),
    )


def hand_out(uow: UnitOfWork, carried: Sequence[Command]) -> None:
    """Note that commands are part of an answer.

    One that was handed out before keeps its moment: what the terminal says later is held against
    it. A refresh asks for nothing but this call, so it is done. Bodies are complete from here on.
    """
    fresh = [command for command in carried if command.state != "delivered"]
    for command in fresh:
        if command.kind == "refresh":
            take(uow, command, "done", "fetched")
    queue.deliver(uow, [command for command in fresh if command.kind != "refresh"])
    for command in carried:
        sealed.show(uow.kernel, command)


def flags(standing_: Standing) -> dict[str, Any]:
    """Return the level-triggered fields of a configuration."""
    by_kind = {command.kind: command for command in standing_.carried}
    passcode, lock = by_kind.get("reset_passcode"), standing_.lock
    untried = passcode is not None and TRIED not in passcode.evidence
    return {
        "factoryReset": "wipe" in by_kind,
        "reboot": "reboot" in by_kind,
        "passwordReset": passcode.body["passcode"] if passcode and untried else None,
        "lock": lock is not None,
        "lockMessage": lock.body.get("message") or None if lock else None,
    }


def confirm(uow: UnitOfWork, caller: Caller, what: str, *, admin: bool) -> Command:
    """Take the agent's word that it is about to wipe or reboot, or has tried a new passcode.

    An answer that got lost is asked for again and given again. Raises `NothingToConfirm`: then
    the agent does not go on. A wipe without admin rights cannot succeed and has failed.
    """
    command = _latest(uow, caller, CONFIRMED[what])
    if command is None or (command.state == "failed" and admin):
        caller.decision.note(unordered=what)
        raise NothingToConfirm
    caller.decision.note(command=str(command.id), kind=command.kind, admin=admin)
    if what == "password":
        command.evidence = {TRIED: uow.now().isoformat(), **command.evidence}
    elif what == "wipe" and not admin:
        take(uow, command, "failed", "the agent is no longer administrator of the terminal")
    else:
        take(uow, command, "done", "confirmed before it was carried out")
    return command


def _latest(uow: UnitOfWork, caller: Caller, kind: str) -> Command | None:
    query = (
        select(Command)
        .where(
            Command.device_id == caller.principal.id,
            Command.kind == kind,
            Command.state.in_((*ANSWERABLE, "acknowledged", "failed")),
            Command.delivered_at.is_not(None),
        )
        .order_by(Command.id.desc())
        .limit(1)
    )
    found = uow.session.scalar(query)
    if found is None or found.state in ANSWERABLE:
        return found
    recent = found.finished_at is not None and uow.now() - found.finished_at < _REMEMBERED
    return found if recent else None


def take(uow: UnitOfWork, command: Command, outcome: Outcome, detail: str) -> None:
    """Take what became of a command; a repeated word changes nothing."""
    queue.take_result(uow, command, outcome, {"outcome": outcome, "detail": detail})


def of_findings(uow: UnitOfWork, caller: Caller, found: Sequence[Finding]) -> None:
    """Close the commands that the launcher's log speaks of."""
    for command in delivered(uow, caller):
        for finding in found:
            if command.live and proves(finding, command.delivered_at, uow.now()):
                _judge(uow, command, finding)


def delivered(uow: UnitOfWork, caller: Caller) -> list[Command]:
    """Return the open commands that the terminal has been given."""
    waiting = queue.waiting(uow, caller.principal.id)
    return [command for command in waiting if command.delivered_at is not None]


def _judge(uow: UnitOfWork, command: Command, finding: Finding) -> None:
    word = (command.kind, finding.what)
    if word in (("lock", "applied"), ("unlock", "applied"), ("reset_passcode", "passcode_set")):
        take(uow, command, "done", finding.what)
    elif word in (("reset_passcode", "passcode_refused"), ("wipe", "no_admin")):
        take(uow, command, "failed", finding.what)
    elif word == ("remove", "uninstalled") and finding.detail == command.body.get("package"):
        take(uow, command, "done", finding.what)
    elif word == ("message", "pushed") and finding.detail == MESSAGE:
        _passed_on(uow, command)


def _passed_on(uow: UnitOfWork, command: Command) -> None:
    """The agent passed a message on to an app; one that wants a receipt stays unconfirmed."""
    if not command.body.get("receipt"):
        take(uow, command, "done", "the agent has it; nobody says that it was read")
