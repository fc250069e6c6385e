"""Change notes: what is new in one release, in one language."""

from uuid import UUID

from sqlalchemy import select

from appstore.catalogue import lookup as apps
from appstore.catalogue.models import App
from appstore.listings.errors import NoteNotFound
from appstore.listings.events import ListingChanged
from appstore.listings.locales import in_order
from appstore.listings.models import ReleaseNote
from appstore.listings.service import EDIT, tag
from appstore.releases.lookup import find, target
from appstore.releases.models import Release
from muster.kernel import guard
from muster.kernel.errors import StaleVersion, VersionRequired
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def listing(uow: UnitOfWork, actor: Actor, release_id: UUID) -> list[ReleaseNote]:
    """Return the notes of a release, the force's own languages first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    release = find(uow, release_id)
    rows = uow.session.scalars(select(ReleaseNote).where(ReleaseNote.release_id == release.id))
    by_locale = {row.locale: row for row in rows}
    return [by_locale[locale] for locale in in_order(by_locale)]


def read(uow: UnitOfWork, actor: Actor, release_id: UUID, locale: str) -> ReleaseNote:
    """Return the notes of a release in one language, or raise `NoteNotFound`."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    return _find(uow, find(uow, release_id), tag(locale))


def write(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    locale: str,
    text: str,
    version: int | None,
) -> ReleaseNote:
    """Write the notes of a language, new or instead of those read as `version`."""
    locale = tag(locale)
    release, decision = _opened(uow, actor, release_id)
    row = uow.session.get(ReleaseNote, (release.id, locale))
    if row is not None and version is None:
        raise VersionRequired
    if version != (row.version if row else None):
        raise StaleVersion
    if row is None:
        row = ReleaseNote(release_id=release.id, locale=locale)
        uow.session.add(row)
    row.text = text
    uow.session.flush()
    decision.note(release=str(release.id), locale=locale)
    uow.emit(ListingChanged(package=release.package))
    return row


def delete(uow: UnitOfWork, actor: Actor, release_id: UUID, locale: str, version: int) -> None:
    """Take the notes of a language back."""
    release, decision = _opened(uow, actor, release_id)
    row = _find(uow, release, tag(locale))
    if row.version != version:
        raise StaleVersion
    uow.session.delete(row)
    uow.session.flush()
    decision.note(release=str(release.id), locale=row.locale, deleted=True)
    uow.emit(ListingChanged(package=release.package))


def _opened(uow: UnitOfWork, actor: Actor, release_id: UUID) -> tuple[Release, Decision]:
    """Return a release, locked, whose app the actor may describe."""
    release = find(uow, release_id, lock=True)
    app = uow.session.get(App, release.app_id) if release.app_id else None
    about = apps.target(uow, app) if app else Target("App", "none", unit=target(uow, release).unit)
    return release, guard.require(uow, actor, EDIT, about)


def _find(uow: UnitOfWork, release: Release, locale: str) -> ReleaseNote:
    row = uow.session.get(ReleaseNote, (release.id, locale))
    if row is None:
        raise NoteNotFound
    return row
