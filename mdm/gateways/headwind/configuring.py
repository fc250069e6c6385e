"""The call the agent lives by: fetch what it is to be. On its own path, in any state."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mdm.devices import reported
from mdm.gateways.headwind import builds, serverconfig, signatures
from mdm.gateways.headwind.door import Call, Caller, enter
from mdm.gateways.headwind.envelope import dumped, ok
from mdm.gateways.native import after_wipe
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

CONFIGURATION: Final = "mdm.headwind.configuration"
SEEN: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Answer:
    """The exact bytes of an answer, and their signature where the build's secret is known."""

    body: bytes
    signature: str = ""


def configuration(uow: UnitOfWork, actor: Actor, call: Call) -> Answer:
    """Return the terminal's configuration. Raises as `enter` does.

    One that said it erased itself has no business here: people are told, and it gets its orders.
    """
    caller = enter(
        uow,
        actor,
        CONFIGURATION,
        call,
        signed=lambda secret, row: [signatures.of_number(secret, row.number or "")],
    )
    if caller.principal.state == "wiped":
        after_wipe.alarm(uow, caller.principal)
        caller.decision.note(after_wipe=True)
    return told(uow, caller, call.secret)


def told(uow: UnitOfWork, caller: Caller, secret: str) -> Answer:
    """Return what a terminal is told, in its envelope; the call is a sign of life."""
    managed = caller.managed
    data = dumped(serverconfig.build(uow, caller, secret))
    if managed.last_seen is None or uow.now() - managed.last_seen >= SEEN:
        reported.write(uow, managed.id, {"last_seen": uow.now()})
    shared = builds.secret_of(uow.kernel.settings, caller.row.build)
    return Answer(ok(data), signatures.of_data(shared, data) if shared else "")
