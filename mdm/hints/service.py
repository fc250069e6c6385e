"""What agents ask about hints, and how telling goes, for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from mdm.devices import fleet
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard, hints
from muster.kernel.hints import CARRIERS, CarrierAbsent, HintCarrier, HintState
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork

_BETWEEN: Final = timedelta(seconds=30)
"""How long a terminal that polled may take to poll again and still count as listening."""


@dataclass(frozen=True)
class Telling:
    """How one terminal is told: its carriers, best first, those that work now, the last hint."""

    carriers: tuple[str, ...]
    usable: frozenset[str]
    seen_at: datetime | None
    last: HintState | None


def poll(uow: UnitOfWork, actor: Actor, wait: int) -> str | Subscription:
    """Return where a hint that waits says to look, or what to listen to for `wait` seconds."""
    guard.require(uow, actor, "mdm.agent.listen", myself(actor))
    device_id = terminal_of(actor).id
    until = uow.now() + timedelta(seconds=wait) + _BETWEEN
    hints.listens(uow, device_id, "long_poll", until)
    return hints.take_waiting(uow, device_id) or subscription(actor, hints.topic(device_id))


def mqtt(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Issue a password for the broker; the one before ends.

    Raises `CarrierAbsent`: the house has no broker, or does not say where terminals find it.
    """
    decision = guard.require(uow, actor, "mdm.hint.register", myself(actor))
    decision.note(carrier="mqtt")
    settings = uow.kernel.settings
    if not settings.mqtt_public_url or "mqtt" not in uow.kernel.ports.all(CARRIERS):
        raise CarrierAbsent
    device_id = terminal_of(actor).id
    return {
        "url": settings.mqtt_public_url,
        "username": str(device_id),
        "password": hints.issue(uow, device_id),
        "topic": hints.topic_of(device_id),
    }


def fcm(uow: UnitOfWork, actor: Actor, token: str | None) -> None:
    """Note the terminal's FCM registration token, or forget it; raises `CarrierAbsent`."""
    decision = guard.require(uow, actor, "mdm.hint.register", myself(actor))
    decision.note(carrier="fcm")
    device_id = terminal_of(actor).id
    if token is None:
        hints.forget_address(uow, device_id, "fcm")
        return
    if "fcm" not in uow.kernel.ports.all(CARRIERS):
        raise CarrierAbsent
    hints.set_address(uow, device_id, "fcm", token)


def health(uow: UnitOfWork, actor: Actor) -> Sequence[HintCarrier]:
    """Return how each carrier of the house does; one that was never used is there with zeros."""
    guard.require(uow, actor, "mdm.hint.list", guard.FORCE)
    known = {carrier.name: carrier for carrier in hints.carriers(uow)}
    unused = {
        name: HintCarrier(name=name, sent=0, heard=0, missed=0, failed=0, last_error="")
        for name in uow.kernel.ports.all(CARRIERS)
        if name not in known
    }
    return [carrier for _, carrier in sorted((known | unused).items())]


def of_device(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Telling:
    """Return how one terminal is told."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    found = hints.reach(uow, [device_id])[device_id]
    last = uow.session.get(HintState, device_id)
    return Telling(found.carriers, found.usable, found.seen_at, last)
