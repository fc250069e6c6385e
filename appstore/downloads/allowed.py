"""Which files a terminal may have now: the one answer behind every download of the store."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from appstore.releases.files import split_among
from appstore.releases.intake import MEDIA_TYPE
from appstore.releases.models import Release, ReleaseFile
from appstore.rollbacks.turns import ordered
from appstore.rollouts.offers import view_of
from appstore.webapps.bundles import MEDIA_TYPE as BUNDLE
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Allowed:
    """A file that a terminal may have: its bytes, and what the guard must know of it.

    `mode` is required or available, `visibility` that of the app.
    """

    size: int
    mode: str
    visibility: str
    media_type: str = MEDIA_TYPE


def allowed(uow: UnitOfWork, device_id: UUID, sha256: str) -> Allowed | None:
    """Return the file of this hash if the terminal's view or an order to go back names it."""
    offers = view_of(uow, device_id)
    for offer in offers:
        if offer.sha256 == sha256 and offer.size:
            return Allowed(offer.size, offer.mode, offer.visibility, _media_type(offer.kind))
    sets = {offer.release_id: offer for offer in offers if offer.kind == "apks"}
    split = split_among(uow, list(sets), sha256)
    if split is not None:
        whole = sets[split.release_id]
        return Allowed(split.size, whole.mode, whole.visibility)
    size = ordered(uow, device_id, sha256)
    return None if size is None else Allowed(size, "required", "everyone")


def blocked(uow: UnitOfWork, sha256: str) -> bool:
    """Whether this is the file, or a split, of a release that was blocked."""
    splits = select(ReleaseFile.release_id).where(ReleaseFile.sha256 == sha256)
    query = select(Release.id).where(
        or_(Release.sha256 == sha256, Release.id.in_(splits)), Release.state == "blocked"
    )
    return uow.session.scalar(query.limit(1)) is not None


def _media_type(kind: str) -> str:
    return BUNDLE if kind == "web" else MEDIA_TYPE
