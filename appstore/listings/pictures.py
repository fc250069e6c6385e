"""Pictures of listings: taken after a look at their header, ordered, removed.

No transaction is open while bytes are stored; a listing's version covers its pictures.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import update as change

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.listings.errors import PictureNotFound, PictureRefused, PicturesFull
from appstore.listings.events import ListingChanged
from appstore.listings.images import Image, ImageFault, look
from appstore.listings.models import Listing, Picture
from appstore.listings.service import EDIT, Shown, find, opened, shown, tag
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.errors import Fault, InvalidInput, StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

LIMIT: Final = 5 * 2**20
"""The largest picture in bytes."""
KINDS: Final = ("icon", "feature", "phone")
SCREENSHOTS: Final = 8
_HOURLY: Final = 240


def add(uow: UnitOfWork, actor: Actor, package: str, locale: str, kind: str, data: bytes) -> Shown:
    """Take a picture into a listing; an icon or feature graphic replaces the one before.

    The unit of work only carries the decision. Raises `ListingNotFound`, `PictureRefused`,
    `PicturesFull`.
    """
    kernel = uow.kernel
    app = lookup.find(uow, package)
    decision = guard.require(uow, actor, EDIT, lookup.target(uow, app))
    kernel.limits.hit(EDIT, str(actor.id), limit=_HOURLY, per_seconds=3600)
    find(uow, app, tag(locale))
    image = checked(kind, data)
    stored = kernel.blobs.store_shared(data)
    with kernel.writes() as unit:
        blob = kernel.blobs.record(unit, stored, image.media_type)
        row = put(unit, lookup.find(unit, package, lock=True), tag(locale), kind, image, blob)
        result = shown(unit, row)
    decision.note(locale=tag(locale), added=kind, sha256=stored.sha256)
    return result


def checked(kind: str, data: bytes) -> Image:
    """Return what a picture is, or raise `PictureRefused` if it will not do for its kind."""
    try:
        image = look(data)
    except ImageFault as error:
        raise PictureRefused(str(error)) from error
    if kind == "icon" and (image.width != image.height or image.media_type == "image/jpeg"):
        raise PictureRefused("An icon is a square PNG or WebP.")
    if kind == "feature" and image.width <= image.height:
        raise PictureRefused("A feature graphic is wider than high.")
    return image


def put(uow: UnitOfWork, app: App, locale: str, kind: str, image: Image, blob: Blob) -> Listing:
    """Add a picture whose bytes are stored; the app is locked and the decision was made."""
    row = find(uow, app, locale)
    there = uow.session.scalars(
        select(Picture).where(Picture.listing_id == row.id, Picture.kind == kind)
    ).all()
    if kind == "phone" and len(there) >= SCREENSHOTS:
        raise PicturesFull
    for old in there if kind != "phone" else ():
        uow.session.delete(old)
    uow.session.add(
        Picture(
            id=uuid7(),
            listing_id=row.id,
            kind=kind,
            place=max((one.place for one in there), default=-1) + 1,
            sha256=blob.sha256,
            width=image.width,
            height=image.height,
            blob_id=blob.id,
        )
    )
    _touch(uow, app, row)
    return row


def order(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    locale: str,
    ids: Sequence[UUID],
    version: int,
) -> Shown:
    """Put the screenshots of a listing into an order that names each of them once."""
    app, decision = opened(uow, actor, package)
    row = find(uow, app, tag(locale))
    if row.version != version:
        raise StaleVersion
    mine = select(Picture.id).where(Picture.listing_id == row.id, Picture.kind == "phone")
    if sorted(ids) != sorted(uow.session.scalars(mine)):
        raise InvalidInput(errors=[Fault("/ids", "Name every screenshot once.")])
    for place, picture_id in enumerate(ids):
        uow.session.execute(change(Picture).where(Picture.id == picture_id).values(place=place))
    _touch(uow, app, row)
    decision.note(locale=row.locale, ordered=len(ids))
    return shown(uow, row)


def remove(uow: UnitOfWork, actor: Actor, package: str, picture_id: UUID) -> Shown:
    """Take a picture out of its listing."""
    app, decision = opened(uow, actor, package)
    query = (
        select(Picture, Listing)
        .join(Listing, Listing.id == Picture.listing_id)
        .where(Picture.id == picture_id, Listing.app_id == app.id)
    )
    found = uow.session.execute(query).first()
    if found is None:
        raise PictureNotFound
    picture, row = found
    uow.session.delete(picture)
    _touch(uow, app, row)
    decision.note(locale=row.locale, removed=picture.kind, sha256=picture.sha256)
    return shown(uow, row)


def _touch(uow: UnitOfWork, app: App, row: Listing) -> None:
    """Give the listing its next version: who edits it has seen other pictures."""
    row.updated_at = uow.now()
    uow.session.flush()
    uow.emit(ListingChanged(package=app.package))
