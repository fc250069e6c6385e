"""A listing as its page shows it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from appstore.listings import locales, models, pictures, service
from appstore.releases import Release

_HEIGHT: Final = 160


def language(
    package: str,
    shown: service.Shown,
    newest: Release | None,
    written: Sequence[models.ReleaseNote],
    *,
    edit: bool,
) -> dict[str, Any]:
    """Return one entry of the view model `languages`."""
    where: dict[str, Any] = {"package": package, "locale": shown.locale}
    taken = [one for one in shown.pictures if one["kind"] == "phone"]
    return {
        "locale": shown.locale,
        "label": label(shown.locale),
        "version": shown.version,
        "texts": dict(shown.texts),
        "write_url": url_for("console.listing_write", **where) if edit else "",
        "delete_url": url_for("console.listing_delete", **where) if edit else "",
        "picture_url": url_for("console.listing_picture", **where) if edit else "",
        "kinds": kinds(full=len(taken) >= pictures.SCREENSHOTS),
        "pictures": [
            _picture(where, one, edit=edit, later=one in taken[1:]) for one in shown.pictures
        ],
        "note": _note(where, newest, written, edit=edit) if newest else None,
    }


def label(locale: str) -> str:
    """Return what a language is called in the reader's own, its tag if nobody knows."""
    try:
        named = Locale.parse(locale, sep="-").get_display_name(get_locale())
    except (ValueError, UnknownLocaleError):
        named = None
    return named or locale


def further(there: Collection[str]) -> list[dict[str, str]]:
    """Return the force's languages that are not there yet, to choose one of."""
    return [{"value": tag, "label": label(tag)} for tag in locales.FIRST if tag not in there]


def kinds(*, full: bool) -> list[dict[str, str]]:
    """Return what a picture may be for."""
    offered = [("icon", _("Icon")), ("feature", _("Feature graphic"))]
    offered = offered if full else [("phone", _("Screenshot")), *offered]
    return [{"value": kind, "label": words} for kind, words in offered]


def _picture(
    where: Mapping[str, Any], picture: Mapping[str, Any], *, edit: bool, later: bool
) -> dict[str, Any]:
    named = {"icon": _("Icon"), "feature": _("Feature graphic"), "phone": _("Screenshot")}
    height = min(_HEIGHT, picture["height"])
    remove = {"package": where["package"], "picture_id": picture["id"]}
    earlier = {**where, "picture_id": picture["id"]}
    return {
        "url": picture["url"],
        "kind": named[picture["kind"]],
        "size": f"{picture['width']} \u00d7 {picture['height']}",
        "height": height,
        "width": max(1, picture["width"] * height // picture["height"]),
        "remove_url": url_for("console.listing_unpicture", **remove) if edit else "",
        "earlier_url": url_for("console.listing_earlier", **earlier) if edit and later else "",
    }


def _note(
    where: Mapping[str, Any], newest: Release, written: Sequence[models.ReleaseNote], *, edit: bool
) -> dict[str, Any]:
    found = next((one for one in written if one.locale == where["locale"]), None)
    return {
        "release": newest.version_name,
        "text": found.text if found else "",
        "version": found.version if found else 0,
        "url": url_for("console.listing_note", release_id=newest.id, **where) if edit else "",
    }
