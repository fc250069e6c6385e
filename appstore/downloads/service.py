"""What terminals fetch: the list of their apps, and the file of one of them."""

from typing import Any

from appstore.downloads.errors import AppNotOffered
from appstore.rollouts.offers import view_of
from appstore.rollouts.section import wanted
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, DeviceUnknown, Terminal
from muster.kernel.uow import UnitOfWork


def desired(uow: UnitOfWork, actor: Actor) -> list[dict[str, Any]]:
    """Return the apps of the terminal that asks: what its signed desired state says of them."""
    guard.require(uow, actor, "app.agent.desired", guard.FORCE)
    return wanted(view_of(uow, _terminal(actor).id))


def fetch(uow: UnitOfWork, actor: Actor, sha256: str) -> int:
    """Let a terminal, its agent or its officer, have the file of a release; return its size.

    Raises `AppNotOffered` for everything else, whether it exists or not.
    """
    offers = view_of(uow, _terminal(actor).id)
    offer = next((offer for offer in offers if offer.sha256 == sha256), None)
    attributes = {
        "mode": offer.mode if offer else "none",
        "visibility": offer.visibility if offer else "everyone",
    }
    action = "app.release.download" if actor.person else "app.agent.download"
    guard.require(uow, actor, action, Target("Download", sha256, attributes))
    if offer is None:
        raise AppNotOffered
    return offer.size


def _terminal(actor: Actor) -> Terminal:
    if actor.device is None:
        raise DeviceUnknown
    return actor.device
