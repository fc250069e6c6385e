"""The one choke point of every call on a secret path: who it is, decided and recorded.

Half of the agent's calls carry no signature at all. The path's secret names the terminal; the
number in the call must be its own, a signature must be right where the call has one and its
build's secret is known, and the guard decides as at any agent's door.
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from mdm.devices.models import ManagedDevice
from mdm.gateways.headwind import builds, paths, signatures
from mdm.gateways.headwind.errors import OtherNumber, SignatureWrong
from mdm.gateways.headwind.models import HeadwindTerminal
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard
from muster.kernel.guard import Decision
from muster.kernel.identity import Actor, Device, DeviceUnknown
from muster.kernel.uow import UnitOfWork

CALLS: Final = 240
"""A minute of one terminal; an agent with much to fetch needs some forty."""
_CALLER: Final = (
    select(Device, ManagedDevice, HeadwindTerminal)
    .join(ManagedDevice, ManagedDevice.id == Device.id)
    .join(HeadwindTerminal, HeadwindTerminal.device_id == Device.id)
    .where(Device.id == bindparam("id"))
    .with_for_update(of=Device)
)
Signed = Callable[[str, HeadwindTerminal], Iterable[str]]


@dataclass(frozen=True)
class Call:
    """What every call on a secret path brings: the path's secret, a number, maybe a signature."""

    secret: str
    number: str | None
    signature: str = ""


@dataclass(frozen=True)
class Caller:
    """The terminal behind a call: principal, management row and this gateway's row."""

    principal: Device
    managed: ManagedDevice
    row: HeadwindTerminal
    decision: Decision


def enter(
    uow: UnitOfWork, actor: Actor, action: str, call: Call, *, signed: Signed | None = None
) -> Caller:
    """Let a terminal in at its own path; its row is locked against a lost report.

    `signed` returns the good signatures of a call that has one. Raises `TooManyRequests`,
    `OtherNumber`, `SignatureWrong`, or the guard's refusal.
    """
    terminal = terminal_of(actor)
    uow.kernel.limits.hit("mdm.headwind", str(terminal.id), limit=CALLS, per_seconds=60)
    found = uow.session.execute(_CALLER, {"id": terminal.id}).first()
    if found is None:
        raise DeviceUnknown
    principal, managed, row = found
    decision = guard.require(uow, actor, action, myself(actor))
    if call.number is not None and not _same(call.number, row.number or ""):
        decision.note(other_number=True)
        raise OtherNumber
    secret = builds.secret_of(uow.kernel.settings, row.build)
    if signed and secret and not signatures.matches(call.signature, signed(secret, row)):
        decision.note(signature_wrong=True)
        raise SignatureWrong
    paths.arrive(uow, row, call.secret)
    return Caller(principal, managed, row, decision)


def _same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode(), own.encode())
