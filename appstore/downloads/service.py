"""What terminals fetch: the list of their apps, and the file of one of them."""

from collections.abc import Iterator
from typing import Any

from appstore.downloads.errors import AppNotOffered
from appstore.rollouts.offers import view_of
from appstore.rollouts.section import wanted
from muster.kernel import guard
from muster.kernel.blobs import Blobs
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, DeviceUnknown, Terminal
from muster.kernel.uow import UnitOfWork


class Download:
    """A file that may be sent, as an iterator that can begin anywhere.

    Nothing is opened before the first piece is asked for: by then the request is committed, and
    the range it asks for is known.
    """

    def __init__(self, blobs: Blobs, sha256: str, size: int) -> None:
        self.sha256, self.size = sha256, size
        self._blobs, self._offset = blobs, 0
        self._pieces: Iterator[bytes] | None = None

    def seekable(self) -> bool:
        """Whether it can begin anywhere: yes."""
        return True

    def seek(self, offset: int) -> None:
        """Begin at a byte."""
        self._offset, self._pieces = offset, None

    def tell(self) -> int:
        """Return where it begins."""
        return self._offset

    def __iter__(self) -> "Download":
        return self

    def __next__(self) -> bytes:
        if self._pieces is None:
            self._pieces = self._blobs.open_shared(self.sha256, self._offset)
        return next(self._pieces)


def desired(uow: UnitOfWork, actor: Actor) -> list[dict[str, Any]]:
    """Return the apps of the terminal that asks: what its signed desired state says of them."""
    guard.require(uow, actor, "app.agent.desired", guard.FORCE)
    return wanted(view_of(uow, _terminal(actor).id))


def fetch(uow: UnitOfWork, actor: Actor, sha256: str) -> Download:
    """Return the file of a release that the terminal may see, for its agent or its officer.

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
    return Download(uow.kernel.blobs, offer.sha256, offer.size)


def _terminal(actor: Actor) -> Terminal:
    if actor.device is None:
        raise DeviceUnknown
    return actor.device
