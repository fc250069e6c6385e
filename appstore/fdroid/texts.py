"""Texts and pictures of apps as F-Droid wants them: from listings, else from what the APK says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from appstore.catalogue.models import App
from appstore.fdroid.sheet import Picture, Words
from appstore.listings.models import Listing, ReleaseNote
from appstore.listings.reading import listing_of, notes_of
from appstore.releases.models import Release
from muster.kernel.uow import UnitOfWork

WRITTEN: Final = (Listing, ReleaseNote)
"""What people write; every change of it raises a version."""
_REVISIONS: Final = select(
    App.package,
    App.version,
    *(
        select(measured).where(Listing.app_id == App.id).correlate(App).scalar_subquery()
        for measured in (func.count(Listing.id), func.coalesce(func.sum(Listing.version), 0))
    ),
    *(
        select(measured)
        .join(Release, Release.id == ReleaseNote.release_id)
        .where(Release.app_id == App.id)
        .correlate(App)
        .scalar_subquery()
        for measured in (
            func.count(ReleaseNote.locale),
            func.coalesce(func.sum(ReleaseNote.version), 0),
        )
    ),
)
_LOCALES: Final = {"en": "en-US", "zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
_ENDINGS: Final = {"image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True)
class Own:
    """What an APK says of itself: labels by language, and its icon `{sha256, size, media_type}`."""

    labels: Mapping[str, str]
    icon: Mapping[str, Any] | None = None


def locale(language: str) -> str:
    """Return a language (BCP 47) as Android clients look for it."""
    return _LOCALES.get(language, language)


def revision_of(uow: UnitOfWork, packages: Collection[str]) -> list[Any]:
    """Return the versions of all that is written about these apps, in one statement."""
    rows = uow.session.execute(_REVISIONS)
    return sorted(tuple(row) for row in rows if row.package in packages)


def words_of(uow: UnitOfWork, apps: Sequence[App], newest: Mapping[UUID, Own]) -> dict[UUID, Words]:
    """Return what is written about each app; where nothing is, what its newest APK says."""
    listed = listing_of(uow, [app.id for app in apps])
    return {app.id: _words(app, listed.get(app.id, {}), newest[app.id]) for app in apps}


def whats_new(uow: UnitOfWork, release_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Return by release and locale what is new in it."""
    notes = notes_of(uow, release_ids)
    return {
        release_id: {locale(language): text for language, text in texts.items() if text}
        for release_id, texts in notes.items()
    }


def _words(app: App, listed: Mapping[str, Mapping[str, Any]], own: Own) -> Words:
    by_locale = {locale(language): said for language, said in listed.items()}
    labels = {"en-US": app.label or app.package, "zh-CN": app.label_zh}
    labels |= {locale(language): label for language, label in own.labels.items() if label}
    icon = f"icons/{app.package}."
    return Words(
        name={place: text for place, text in (labels | _texts(by_locale, "name")).items() if text},
        summary=_texts(by_locale, "summary"),
        description=_texts(by_locale, "description"),
        icon=({"en-US": _picture(icon, own.icon)} if own.icon else {})
        | {
            place: _picture(icon, said["pictures"]["icon"])
            for place, said in by_locale.items()
            if said["pictures"]["icon"]
        },
        phone={
            place: [
                _picture(f"{app.package}/{place}/phoneScreenshots/", shot)
                for shot in said["pictures"]["phone"]
            ]
            for place, said in by_locale.items()
            if said["pictures"]["phone"]
        },
    )


def _texts(by_locale: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, str]:
    return {place: said[name] for place, said in by_locale.items() if said[name]}


def _picture(before: str, seen: Mapping[str, Any]) -> Picture:
    """Return a picture under a name of its content: what clients keep by name never grows stale."""
    ending = _ENDINGS.get(seen["media_type"], "png")
    path = f"{before}{seen['sha256'][:16]}.{ending}"
    return Picture(path, seen["sha256"], seen["size"], seen["media_type"])
