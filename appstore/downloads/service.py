"""What terminals fetch: the list of their apps, and the file of one of them."""

from typing import Any

from appstore.downloads.allowed import Allowed, allowed, blocked
from appstore.downloads.errors import AppNotOffered, ReleaseBlocked
from appstore.rollouts.offers import sights
from appstore.rollouts.wanted import wanted_by_each
from mdm.configuration import sealed_part
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, DeviceUnknown, Terminal
from muster.kernel.uow import UnitOfWork


def desired(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the apps of the terminal that asks: what its signed desired state says of them.

    `items` plain, and `signed`, the same as a manifest sealed for this terminal.
    """
    guard.require(uow, actor, "app.agent.desired", guard.FORCE)
    device_id = _terminal(actor).id
    items = wanted_by_each(uow, sights(uow, [device_id]))[device_id]
    return {"items": items, "signed": sealed_part(uow, device_id, "apps", items)}


def fetch(uow: UnitOfWork, actor: Actor, sha256: str) -> Allowed:
    """Let a terminal, its agent or its officer, have one of the files that are for it.

    Raises `ReleaseBlocked` for a file that nobody may have any more, `AppNotOffered` for everything
    else, whether it exists or not.
    """
    file = allowed(uow, _terminal(actor).id, sha256)
    attributes = {
        "mode": file.mode if file else "none",
        "visibility": file.visibility if file else "everyone",
    }
    action = "app.release.download" if actor.person else "app.agent.download"
    guard.require(uow, actor, action, Target("Download", sha256, attributes))
    if file is None:
        raise ReleaseBlocked if blocked(uow, sha256) else AppNotOffered
    return file


def _terminal(actor: Actor) -> Terminal:
    if actor.device is None:
        raise DeviceUnknown
    return actor.device
