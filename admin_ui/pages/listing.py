"""An app's listing: its languages side by side, texts, pictures and what is new."""

from typing import Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms
from admin_ui.pages import listing_view as view
from admin_ui.showing import back_to, done, show
from appstore import catalogue
from appstore.catalogue import lookup
from appstore.listings import notes, pictures, service, texts
from muster.kernel.web import Mode, actor, uow

_READ: Final = "app.catalogue.read"
_HERE: Final = "console.listing"
_APP: Final = "/apps/<string(maxlength=223):package>"
_LISTING: Final = f"{_APP}/listing/<string(maxlength=35):locale>"
_LONGEST: Final = {"name": 100, "summary": 200, "description": 4000, "contact": 200}


@console.route(f"{_APP}/listing", actions=(_READ,))
def listing(package: str) -> str:
    """Every language of an app, those of the force first."""
    described = catalogue.read(uow(), actor(), package)
    shown = service.listing(uow(), actor(), package)
    newest = described.releases[0] if described.releases else None
    written = notes.listing(uow(), actor(), newest.id) if newest else []
    may = chrome.may(service.EDIT, lookup.target(uow(), described.app))
    return show(
        "apps/listing.html",
        "apps",
        app={
            "name": app_rooms.name(described.app),
            "package": package,
            "url": url_for("console.app", package=package),
        },
        app_rooms=app_rooms.links(described.app, _HERE),
        languages=[view.language(package, one, newest, written, edit=may) for one in shown],
        further=view.further([one.locale for one in shown]),
        add_url=url_for("console.listing_add", package=package) if may else "",
    )


@console.route(f"{_APP}/listing", methods=["POST"], actions=(service.EDIT,))
@back_to(listing, "add")
def listing_add(package: str) -> Response:
    """Begin in another language, with a name."""
    locale = forms.text("locale", least=1, most=35)
    text = {"name": _plain("name", least=1), "summary": "", "description": "", "contact": ""}
    service.write(uow(), actor(), package, locale, text, None)
    return done("listed", _HERE, package=package)


@console.route(_LISTING, methods=["POST"], actions=(service.EDIT,))
@back_to(listing, "{locale}", keys=("package",))
def listing_write(package: str, locale: str) -> Response:
    """Write the texts of one language."""
    text = {
        "name": _plain("name", least=1),
        "summary": _plain("summary"),
        "description": _plain("description", lines=True),
        "contact": _plain("contact"),
    }
    service.write(uow(), actor(), package, locale, text, forms.whole("version", 1, 10**8))
    return done("listed", _HERE, package=package)


@console.route(f"{_LISTING}/delete", methods=["POST"], actions=(service.EDIT,))
@back_to(listing, keys=("package",))
def listing_delete(package: str, locale: str) -> Response:
    """Take a language back, with its pictures."""
    service.delete(uow(), actor(), package, locale, forms.whole("version", 1, 10**8))
    return done("unlisted", _HERE, package=package)


@console.route(
    f"{_LISTING}/pictures",
    methods=["POST"],
    mode=Mode.READS,
    limit=pictures.LIMIT + 64 * 1024,
    actions=(service.EDIT,),
)
@back_to(listing, "{locale}-picture", keys=("package",))
def listing_picture(package: str, locale: str) -> Response:
    """Take a picture."""
    part = request.files.get("file")
    data = part.read() if part is not None else b""
    if not data:
        raise forms.fault("file", _("Choose a file."))
    kind = forms.chosen("kind", pictures.KINDS)
    pictures.add(uow(), actor(), package, locale, kind, data)
    return done("pictured", _HERE, package=package)


@console.route(
    f"{_APP}/pictures/<uuid:picture_id>/remove", methods=["POST"], actions=(service.EDIT,)
)
@back_to(listing, keys=("package",))
def listing_unpicture(package: str, picture_id: UUID) -> Response:
    """Take a picture out."""
    pictures.remove(uow(), actor(), package, picture_id)
    return done("unpictured", _HERE, package=package)


@console.route(
    f"{_LISTING}/pictures/<uuid:picture_id>/earlier",
    methods=["POST"],
    actions=(service.EDIT, _READ),
)
@back_to(listing, keys=("package",))
def listing_earlier(package: str, locale: str, picture_id: UUID) -> Response:
    """Move a screenshot one place to the front."""
    shown = service.read(uow(), actor(), package, locale)
    ids = [one["id"] for one in shown.pictures if one["kind"] == "phone"]
    place = ids.index(picture_id) if picture_id in ids else 0
    if place:
        ids[place - 1 : place + 1] = [ids[place], ids[place - 1]]
    version = forms.whole("version", 1, 10**8)
    pictures.order(uow(), actor(), package, locale, ids, version)
    return done("listed", _HERE, package=package)


@console.route(f"{_LISTING}/notes/<uuid:release_id>", methods=["POST"], actions=(service.EDIT,))
@back_to(listing, "{locale}-note", keys=("package",))
def listing_note(package: str, locale: str, release_id: UUID) -> Response:
    """Write what is new in a release; version 0 stands for nothing written yet."""
    version = forms.whole("version", 0, 10**8) or None
    text = _plain("text", least=1, most=4000, lines=True)
    notes.write(uow(), actor(), release_id, locale, text, version)
    return done("listed", _HERE, package=package)


def _plain(name: str, *, least: int = 0, most: int = 0, lines: bool = False) -> str:
    """Return a field's text if it is plain."""
    given = forms.text(name, least=least, most=most or _LONGEST[name])
    if texts.fault(given, lines=lines):
        raise forms.fault(name, _("Plain text only: no HTML and no control characters."))
    return given
