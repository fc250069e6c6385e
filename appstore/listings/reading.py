"""Listings for those who show apps to others: the F-Droid index, the catalogue of officers' apps."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.listings.models import Listing, Picture, ReleaseNote
from muster.kernel.blobs import Blob
from muster.kernel.uow import UnitOfWork

PICTURES: Final = "/appstore/v1/pictures"


def listing_of(uow: UnitOfWork, app_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return by app and locale `{name, summary, description, contact, pictures}`.

    `pictures` is `{icon, feature, phone}`: a picture or None for the first two, a list of
    screenshots in their order for the last. A picture is `{sha256, size, media_type, width,
    height, url}`, its url a path of this server. Two statements; apps without listings are left out.
    """
    found: dict[UUID, dict[str, Any]] = {}
    if not app_ids:
        return found
    rows = uow.session.scalars(select(Listing).where(Listing.app_id.in_(app_ids)))
    by_id = {row.id: row for row in rows}
    for row in sorted(by_id.values(), key=lambda row: row.locale):
        found.setdefault(row.app_id, {})[row.locale] = {
            "name": row.name,
            "summary": row.summary,
            "description": row.description,
            "contact": row.contact,
            "pictures": {"icon": None, "feature": None, "phone": []},
        }
    for picture, blob in pictures_in(uow, by_id):
        owner = by_id[picture.listing_id]
        shown = found[owner.app_id][owner.locale]["pictures"]
        if picture.kind == "phone":
            shown["phone"].append(seen(picture, blob))
        else:
            shown[picture.kind] = seen(picture, blob)
    return found


def notes_of(uow: UnitOfWork, release_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Return by release and locale what is new in it; releases without notes are left out."""
    found: dict[UUID, dict[str, str]] = {}
    if not release_ids:
        return found
    query = select(ReleaseNote).where(ReleaseNote.release_id.in_(release_ids))
    for row in uow.session.scalars(query.order_by(ReleaseNote.locale)):
        found.setdefault(row.release_id, {})[row.locale] = row.text
    return found


def seen(picture: Picture, blob: Blob) -> dict[str, Any]:
    """Return a picture as it is shown."""
    return {
        "sha256": picture.sha256,
        "size": blob.size,
        "media_type": blob.media_type,
        "width": picture.width,
        "height": picture.height,
        "url": f"{PICTURES}/{picture.sha256}",
    }


def pictures_in(uow: UnitOfWork, listing_ids: Collection[UUID]) -> list[tuple[Picture, Blob]]:
    """Return the pictures of listings in their order, each with its object."""
    query = (
        select(Picture, Blob)
        .join(Blob, Blob.id == Picture.blob_id)
        .where(Picture.listing_id.in_(listing_ids))
        .order_by(Picture.place, Picture.id)
    )
    return [(picture, blob) for picture, blob in uow.session.execute(query)]
