"""The shelf: what an officer's app or a terminal's agent may see of the store, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import select

from appstore.catalogue.models import App
from appstore.feedback.reading import ratings_of
from appstore.listings.errors import PictureNotFound
from appstore.listings.locales import best
from appstore.listings.models import Listing, Picture
from appstore.listings.reading import listing_of, notes_of
from appstore.releases.models import Release
from appstore.rollouts.offers import view_of
from appstore.rollouts.resolver import Offer
from appstore.webapps.models import WebPage
from appstore.webapps.pages import pages_of
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, DeviceUnknown
from muster.kernel.uow import UnitOfWork

_NOTHING: Final[dict[str, Any]] = {"icon": None, "feature": None, "phone": []}


@dataclass(frozen=True)
class Served:
    """A picture that may be sent."""

    sha256: str
    size: int
    media_type: str


def shelf(
    uow: UnitOfWork,
    actor: Actor,
    wanted: Sequence[str],
    *,
    after: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Return up to `limit + 1` apps this terminal may see, by package, in the reader's language.

    `wanted` are languages, best first. Seven statements, however many apps.
    """
    offers = [one for one in _visible(uow, actor) if after is None or one.package > after]
    offers = offers[: limit + 1]
    ids = [offer.release_id for offer in offers]
    query = select(Release, App).join(App, App.id == Release.app_id).where(Release.id.in_(ids))
    rows = {release.id: (release, app) for release, app in uow.session.execute(query)}
    listings = listing_of(uow, [app.id for _, app in rows.values()])
    notes, pages = notes_of(uow, ids), pages_of(uow, ids)
    ratings = ratings_of(uow, [offer.package for offer in offers])
    return [
        {
            **_item(
                offer,
                *rows[offer.release_id],
                listings.get(rows[offer.release_id][1].id, {}),
                notes.get(offer.release_id, {}),
                pages.get(offer.release_id),
                wanted,
            ),
            "rating": ratings.get(offer.package, (None, 0))[0],
            "ratings": ratings.get(offer.package, (None, 0))[1],
        }
        for offer in offers
    ]


def picture(uow: UnitOfWork, actor: Actor, sha256: str) -> Served:
    """Return a picture that the actor may see; `PictureNotFound` whether it exists or not."""
    if actor.device is None:
        guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
        blob = _blob(uow, sha256, None)
    else:
        blob = _blob(uow, sha256, _visible(uow, actor))
    if blob is None:
        raise PictureNotFound
    return Served(blob.sha256, blob.size, blob.media_type)


def _visible(uow: UnitOfWork, actor: Actor) -> list[Offer]:
    """Decide whether the actor may look, and return what it might download from its own view."""
    guard.require(uow, actor, "app.catalogue.see" if actor.person else "app.agent.see", guard.FORCE)
    if actor.device is None:
        raise DeviceUnknown
    action = "app.release.download" if actor.person else "app.agent.download"

    @cache
    def may(mode: str, visibility: str) -> bool:
        attributes = {"mode": mode, "visibility": visibility}
        return guard.may(uow, actor, action, Target("Download", "any", attributes))

    return [one for one in view_of(uow, actor.device.id) if may(one.mode, one.visibility)]


def _blob(uow: UnitOfWork, sha256: str, offers: Sequence[Offer] | None) -> Blob | None:
    """Return the object of a listing's picture or a web app's icon, of these offers if given."""
    pictures = (
        select(Blob)
        .join(Picture, Picture.blob_id == Blob.id)
        .join(Listing, Listing.id == Picture.listing_id)
        .join(App, App.id == Listing.app_id)
        .where(Picture.sha256 == sha256)
    )
    icons = (
        select(Blob)
        .join(WebPage, WebPage.icon_blob_id == Blob.id)
        .where(WebPage.icon_sha256 == sha256)
    )
    if offers is not None:
        pictures = pictures.where(App.package.in_([offer.package for offer in offers]))
        icons = icons.where(WebPage.release_id.in_([offer.release_id for offer in offers]))
    found = uow.session.scalars(pictures.limit(1)).first()
    return found or uow.session.scalars(icons.limit(1)).first()


def _item(
    offer: Offer,
    release: Release,
    app: App,
    listings: dict[str, Any],
    notes: dict[str, str],
    page: dict[str, Any] | None,
    wanted: Sequence[str],
) -> dict[str, Any]:
    locale = best(wanted, listings)
    said = listings.get(locale, {})
    pictures = said.get("pictures", _NOTHING)
    return {
        "package": offer.package,
        "kind": offer.kind,
        "version_code": offer.version_code,
        "version_name": release.version_name,
        "size": offer.size,
        "mode": offer.mode,
        "category": app.category,
        "locale": locale,
        "name": said.get("name") or _label(app, wanted),
        "summary": said.get("summary", ""),
        "description": said.get("description", ""),
        "contact": said.get("contact", ""),
        "icon": pictures["icon"] or (page["icon"] if page else None),
        "feature": pictures["feature"],
        "screenshots": pictures["phone"],
        "notes": notes.get(best(wanted, notes), release.notes),
        "address": page["address"] if page else "",
    }


def _label(app: App, wanted: Sequence[str]) -> str:
    chinese = app.label_zh and best(wanted, ("en", "zh-Hans")) == "zh-Hans"
    return (app.label_zh if chinese else app.label) or app.package
