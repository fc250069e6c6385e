"""The icon of a release, for people to know it by."""

from uuid import UUID

from appstore.releases.errors import IconMissing
from appstore.releases.lookup import find
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def icon_of(uow: UnitOfWork, actor: Actor, release_id: UUID) -> Blob:
    """Return the picture of a release, or raise `IconMissing` if its file had none to show."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    release = find(uow, release_id)
    if release.icon_id is None:
        raise IconMissing
    return uow.kernel.blobs.get(uow, release.icon_id)
