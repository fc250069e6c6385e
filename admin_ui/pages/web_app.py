"""Submitting a web app, new or its next version."""

import base64
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from admin_ui import chrome, forms, scopes
from admin_ui.blueprint import console
from admin_ui.showing import back_to, done, show
from appstore import catalogue
from appstore.catalogue import App
from appstore.releases import Release, listing
from appstore.webapps import bundles, intake, schemas
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.guard import SCOPES
from muster.kernel.web import Mode, actor, uow

_SUBMIT: Final = "app.release.submit"
_READ: Final = "app.catalogue.read"
_PIECE: Final = 256 * 1024
_LIMIT: Final = bundles.LIMIT + 512 * 1024
_TEXTS: Final = ("package", "version_name", "label", "label_zh", "address", "notes")


@console.route("/apps/web", actions=(_READ,))
def web_app() -> str:
    """The form, filled with the newest version of `?package=` if that is a web app."""
    listing(uow(), actor(), limit=1)
    before = _newest(request.args.get("package", "")[:223])
    typed = request.form if request.method == "POST" else None
    ticked = request.form.getlist("scope") if typed else before.get("scopes", [])
    return show(
        "apps/web.html",
        "apps",
        submit_url=url_for("console.web_app_submit"),
        values=before,
        scopes=scopes.words(SCOPES),
        ticked=set(ticked),
        largest=bundles.LIMIT,
    )


@console.route("/apps/web", methods=["POST"], mode=Mode.READS, limit=_LIMIT, actions=(_SUBMIT,))
@back_to(web_app)
def web_app_submit() -> Response:
    """Take the page with its icon and, if there is one, its bundle."""
    icon, bundle = request.files.get("icon"), request.files.get("bundle")
    wish: dict[str, Any] = {name: forms.text(name, most=4000) for name in _TEXTS}
    wish |= {
        "version_code": forms.whole("version_code", 1, 10**9 - 1),
        "scopes": request.form.getlist("scope"),
        "icon": _base64(icon),
    }
    loaded = _loaded(wish)
    if bundle is not None and bundle.filename:
        loaded["bundle"] = bundles.receive(uow(), actor(), _pieces(bundle)).id
    vetted = intake.submit(uow(), actor(), loaded)
    return done("uploaded", "console.release", release_id=vetted.release.id)


def submit_url(app: App | None = None) -> str:
    """Return the form's address for those who may bring releases, '' for others."""
    if (app is not None and app.kind != "web") or not chrome.may(_SUBMIT):
        return ""
    return url_for("console.web_app", package=app.package) if app else url_for("console.web_app")


def _newest(package: str) -> dict[str, Any]:
    """Return what the form begins with: the newest version's words and the next code."""
    if not package or "\0" in package:
        return {}
    releases = catalogue.read(uow(), actor(), package).releases
    newest: Release | None = next((one for one in releases if one.kind == "web"), None)
    if newest is None:
        return {}
    said = newest.facts
    kept = {name: said[name] for name in ("package", "label", "label_zh", "address", "scopes")}
    return {**kept, "version_code": newest.version_code + 1}


def _loaded(wish: dict[str, Any]) -> dict[str, Any]:
    """Hold what was typed against the documented shape; a fault stands at its field."""
    try:
        loaded: dict[str, Any] = schemas.WebReleaseSchema().load(wish)
    except ValidationError as error:
        faults = [Fault(f"/{name}", _wrong(str(name))) for name in dict(error.messages_dict)]
        raise InvalidInput(errors=faults) from error
    return loaded


def _wrong(name: str) -> str:
    words = {
        "package": _("A name such as city.police.notes."),
        "address": _("An address that begins with https:// and names a host, without a #."),
        "icon": _("Choose a square PNG or WebP of at most 256 KiB."),
    }
    return words.get(name, _("Fill this in."))


def _base64(icon: FileStorage | None) -> str:
    data = icon.read(intake.LARGEST_ICON + 1) if icon is not None else b""
    if not 0 < len(data) <= intake.LARGEST_ICON:
        raise forms.fault("icon", _wrong("icon"))
    return base64.b64encode(data).decode()


def _pieces(bundle: FileStorage) -> Iterator[bytes]:
    return iter(lambda: bundle.read(_PIECE), b"")
