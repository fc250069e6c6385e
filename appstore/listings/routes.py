"""Listings for publishers and the console, and the shelf for officers' apps and agents."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from appstore.listings import notes, pictures, service, shelf
from appstore.listings.models import ReleaseNote
from appstore.listings.schemas import (
    ListingSchema,
    ListingsSchema,
    ListingTextSchema,
    NoteSchema,
    NotesSchema,
    NoteTextSchema,
    PictureOrderSchema,
    PictureQuery,
    ShelvedAppSchema,
)
from appstore.listings.service import EDIT, Shown
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.web import (
    Auth,
    Blueprint,
    Content,
    Mode,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_text,
    expected_version,
    kernel,
    page,
    page_schema,
    problems,
    send,
    uow,
)

blp = Blueprint(
    "appstore-listings",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Listings: texts, pictures and change notes by language",
)
shelved = Blueprint(
    "appstore-for-terminals",
    __name__,
    audience="field",
    url_prefix="/appstore/v1",
    description="The store as officers see it",
)
_READERS = (Auth.PUBLISHER, Auth.CONSOLE)
_APP = "/apps/<string(maxlength=223):package>"
_LISTING = f"{_APP}/listing/<string(maxlength=35):locale>"
_NOTE = "/releases/<uuid:release_id>/notes"
_TYPES = ("image/png", "image/jpeg", "image/webp")
_FORM = "multipart/form-data"
_ENVELOPE = 64 * 1024
_BYTES = {"type": "string", "format": "binary"}
_UPLOAD = {
    "required": True,
    "content": {
        **{name: {"schema": _BYTES} for name in _TYPES},
        _FORM: {"schema": {"type": "object", "properties": {"file": _BYTES}}},
    },
}
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@blp.route(f"{_APP}/listing", auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, ListingsSchema)
def list_listings(package: str) -> dict[str, Any]:
    """List an app's languages, the force's own first."""
    return {"items": service.listing(uow(), actor(), package)}


@blp.route(_LISTING, auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, ListingSchema)
def read_listing(package: str, locale: str) -> Shown:
    """Read an app's listing in one language; the answer's ETag covers its pictures."""
    return _versioned(service.read(uow(), actor(), package, locale))


@blp.route(_LISTING, methods=["PUT"], auth=_READERS, actions=(EDIT,))
@blp.arguments(ListingTextSchema)
@blp.response(200, ListingSchema)
def write_listing(body: dict[str, str], package: str, locale: str) -> Shown:
    """Write the texts of a language; send the version you read as If-Match, none for a new one."""
    return _versioned(service.write(uow(), actor(), package, locale, body, _version()))


@blp.route(_LISTING, methods=["DELETE"], auth=_READERS, actions=(EDIT,))
@blp.response(204)
def delete_listing(package: str, locale: str) -> None:
    """Take a language back, with its pictures; send the version you read as If-Match."""
    service.delete(uow(), actor(), package, locale, expected_version())


@blp.route(
    f"{_LISTING}/pictures",
    methods=["POST"],
    auth=_READERS,
    mode=Mode.READS,
    limit=pictures.LIMIT + _ENVELOPE,
    actions=(EDIT,),
)
@blp.doc(requestBody=_UPLOAD)
@blp.arguments(PictureQuery, location="query")
@blp.response(201, ListingSchema)
def add_picture(query: dict[str, str], package: str, locale: str) -> Shown:
    """Upload a picture, as the body or as a form's part `file`."""
    return _versioned(
        pictures.add(uow(), actor(), package, locale, query["kind"], _picture_bytes())
    )


@blp.route(f"{_LISTING}/pictures", methods=["PUT"], auth=_READERS, actions=(EDIT,))
@blp.arguments(PictureOrderSchema)
@blp.response(200, ListingSchema)
def order_pictures(body: dict[str, list[UUID]], package: str, locale: str) -> Shown:
    """Put the screenshots in order; send the listing's version as If-Match."""
    return _versioned(
        pictures.order(uow(), actor(), package, locale, body["ids"], expected_version())
    )


@blp.route(f"{_APP}/pictures/<uuid:picture_id>", methods=["DELETE"], auth=_READERS, actions=(EDIT,))
@blp.response(200, ListingSchema)
def delete_picture(package: str, picture_id: UUID) -> Shown:
    """Take a picture out of its listing."""
    return _versioned(pictures.remove(uow(), actor(), package, picture_id))


@blp.route(_NOTE, auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, NotesSchema)
def list_notes(release_id: UUID) -> dict[str, Any]:
    """List the change notes of a release by language."""
    return {"items": notes.listing(uow(), actor(), release_id)}


@blp.route(f"{_NOTE}/<string(maxlength=35):locale>", auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, NoteSchema)
def read_note(release_id: UUID, locale: str) -> ReleaseNote:
    """Read the change notes of a release in one language."""
    row = notes.read(uow(), actor(), release_id, locale)
    answer_version(row.version)
    return row


@blp.route(
    f"{_NOTE}/<string(maxlength=35):locale>", methods=["PUT"], auth=_READERS, actions=(EDIT,)
)
@blp.arguments(NoteTextSchema)
@blp.response(200, NoteSchema)
def write_note(body: dict[str, str], release_id: UUID, locale: str) -> ReleaseNote:
    """Write the change notes of a language; If-Match as for a listing."""
    row = notes.write(uow(), actor(), release_id, locale, body["text"], _version())
    answer_version(row.version)
    return row


@blp.route(
    f"{_NOTE}/<string(maxlength=35):locale>", methods=["DELETE"], auth=_READERS, actions=(EDIT,)
)
@blp.response(204)
def delete_note(release_id: UUID, locale: str) -> None:
    """Take the change notes of a language back."""
    notes.delete(uow(), actor(), release_id, locale, expected_version())


@shelved.route(
    "/catalogue",
    auth=(Auth.FIELD, Auth.AGENT),
    actions=("app.catalogue.see", "app.agent.see"),
)
@shelved.arguments(PageQuery, location="query")
@shelved.response(200, page_schema(ShelvedAppSchema))
def browse(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """List the apps this terminal may have, in the languages of Accept-Language."""
    rows = shelf.shelf(
        uow(),
        actor(),
        list(request.accept_languages.values()),
        after=decode_text(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row["package"]])


@shelved.route(
    "/pictures/<string(length=64):sha256>",
    auth=(Auth.FIELD, Auth.AGENT, Auth.CONSOLE, Auth.PUBLISHER),
    actions=("app.catalogue.see", "app.agent.see", "app.catalogue.read"),
)
@shelved.doc(
    responses={
        "200": {
            "description": "The picture; ranges and conditions are honoured",
            "content": {name: {"schema": _BYTES} for name in _TYPES},
        }
    }
)
def read_picture(sha256: str) -> Response:
    """Fetch a picture by its SHA-256 in lower-case hex."""
    found = shelf.picture(uow(), actor(), sha256)
    read = partial(kernel().blobs.open_shared, found.sha256)
    return send(Content(found.sha256, found.size, found.media_type, read, _FOR_EVER))


def _versioned(shown: Shown) -> Shown:
    answer_version(shown.version)
    return shown


def _version() -> int | None:
    return expected_version() if "If-Match" in request.headers else None


def _picture_bytes() -> bytes:
    if request.mimetype == _FORM:
        part = request.files.get("file")
        data = part.read(pictures.LIMIT + 1) if part is not None else b""
    elif request.mimetype in (*_TYPES, "application/octet-stream"):
        data = request.get_data()
    else:
        raise problems.UnsupportedMedia
    if not 0 < len(data) <= pictures.LIMIT:
        why = "Send one picture of at most 5 MiB, as the body or as the part named 'file'."
        raise InvalidInput(errors=[Fault("/file", why)])
    return data
