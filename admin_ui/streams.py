"""What open pages listen to: that something changed, never what; the page then asks again."""

from uuid import UUID

from mdm import devices
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork

FLEET = "console:fleet"


def topic(device_id: UUID) -> str:
    """Return the topic of one terminal's page."""
    return f"console:device:{device_id}"


def fleet(uow: UnitOfWork, actor: Actor) -> Subscription:
    """Return what the overview listens to."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    return subscription(actor, FLEET)


def device(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Subscription:
    """Return what a terminal's page listens to."""
    devices.read(uow, actor, device_id)
    return subscription(actor, topic(device_id))
