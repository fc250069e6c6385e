"""What publishers do with an app's listing: read it, write it, take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as deletion
from sqlalchemy import select

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.listings.errors import ListingNotFound
from appstore.listings.events import ListingChanged
from appstore.listings.locales import canonical, in_order
from appstore.listings.models import Listing, Picture
from appstore.listings.reading import pictures_in, seen
from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, StaleVersion, VersionRequired
from muster.kernel.guard import Decision
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

EDIT = "app.listing.edit"
TEXTS = ("name", "summary", "description", "contact")


@dataclass(frozen=True)
class Shown:
    """A listing with its pictures; `version` is its ETag.

    A picture is as `reading.listing_of` describes it, with `id` and `kind`.
    """

    locale: str
    version: int
    texts: Mapping[str, Any]
    pictures: Sequence[Mapping[str, Any]]


def listing(uow: UnitOfWork, actor: Actor, package: str) -> list[Shown]:
    """Return an app's listings, the force's own languages first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = lookup.find(uow, package)
    rows = uow.session.scalars(select(Listing).where(Listing.app_id == app.id)).all()
    by_locale = {row.locale: row for row in rows}
    return [shown(uow, by_locale[locale]) for locale in in_order(by_locale)]


def read(uow: UnitOfWork, actor: Actor, package: str, locale: str) -> Shown:
    """Return an app's listing in one language, or raise `ListingNotFound`."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    return shown(uow, find(uow, lookup.find(uow, package), tag(locale)))


def write(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    locale: str,
    texts: Mapping[str, str],
    version: int | None,
) -> Shown:
    """Write the texts of a language, new or instead of those read as `version`.

    Raises `VersionRequired` for a listing that is there already and `StaleVersion` for another.
    """
    locale = tag(locale)
    app, decision = opened(uow, actor, package)
    row = _row(uow, app, locale)
    if row is None and version is not None:
        raise StaleVersion
    if row is not None and version is None:
        raise VersionRequired
    if row is not None and row.version != version:
        raise StaleVersion
    if row is None:
        row = Listing(id=uuid7(), app_id=app.id, locale=locale)
        uow.session.add(row)
    changed = [name for name in TEXTS if getattr(row, name) != texts[name]]
    for name in TEXTS:
        setattr(row, name, texts[name])
    uow.session.flush()
    decision.note(locale=locale, changed=changed)
    uow.emit(ListingChanged(package=app.package))
    return shown(uow, row)


def delete(uow: UnitOfWork, actor: Actor, package: str, locale: str, version: int) -> None:
    """Take a language back, with its pictures."""
    locale = tag(locale)
    app, decision = opened(uow, actor, package)
    row = find(uow, app, locale)
    if row.version != version:
        raise StaleVersion
    uow.session.execute(deletion(Picture).where(Picture.listing_id == row.id))
    uow.session.delete(row)
    uow.session.flush()
    decision.note(locale=locale, deleted=True)
    uow.emit(ListingChanged(package=app.package))


def find(uow: UnitOfWork, app: App, locale: str) -> Listing:
    """Return one listing or raise `ListingNotFound`; nothing is decided here."""
    row = _row(uow, app, locale)
    if row is None:
        raise ListingNotFound
    return row


def shown(uow: UnitOfWork, row: Listing) -> Shown:
    """Return a listing with its pictures in their order."""
    pictures = [
        {"id": picture.id, "kind": picture.kind, **seen(picture, blob)}
        for picture, blob in pictures_in(uow, [row.id])
    ]
    texts = {name: getattr(row, name) for name in TEXTS}
    return Shown(row.locale, row.version, texts, pictures)


def tag(locale: str) -> str:
    """Return a language's tag in its usual form, or refuse it."""
    found = canonical(locale)
    if not found:
        raise InvalidInput(errors=[Fault("/locale", "Give a language such as zh-Hans or en.")])
    return found


def opened(uow: UnitOfWork, actor: Actor, package: str) -> tuple[App, Decision]:
    """Return an app, locked, that the actor may describe."""
    app = lookup.find(uow, package, lock=True)
    return app, guard.require(uow, actor, EDIT, lookup.target(uow, app))


def _row(uow: UnitOfWork, app: App, locale: str) -> Listing | None:
    query = select(Listing).where(Listing.app_id == app.id, Listing.locale == locale)
    return uow.session.scalar(query)
