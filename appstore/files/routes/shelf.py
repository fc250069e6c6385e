"""What officers' apps and terminals' agents may fetch: `/appstore/v1/shelf`."""

from functools import partial
from typing import Any, Final

from flask import Response, request

from appstore.files import shelf as service
from appstore.files.schemas import ShelfItemSchema
from appstore.files.shelf import Item
from muster.kernel.web import (
    Auth,
    Blueprint,
    Content,
    Mode,
    Page,
    PageQuery,
    actor,
    answer_tag,
    decode_text,
    kernel,
    page,
    page_schema,
    send,
    uow,
)
from muster.ondevice.canonical import content_hash

blp = Blueprint(
    "appstore-shelf",
    __name__,
    audience="field",
    url_prefix="/appstore/v1/shelf",
    description="The download centre: what this officer or this terminal may fetch",
)
_WHO: Final = (Auth.FIELD, Auth.AGENT)
_AGAIN: Final = "private, no-cache"


@blp.route("", auth=_WHO, actions=("app.shelf.list", "app.agent.list_files"))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ShelfItemSchema))
def list_shelf(query: dict[str, Any]) -> Page[Item]:
    """List what may be fetched, by short name; `If-None-Match` asks whether anything changed."""
    after, limit = decode_text(query["after"]), query["limit"]
    rows = service.on_shelf(uow(), actor(), after=after, limit=limit)
    shown = page(rows, limit, lambda row: [row.file.slug])
    answer_tag(_tag(shown))
    return shown


@blp.route(
    "/<string(length=64):sha256>",
    auth=_WHO,
    mode=Mode.WRITES,
    actions=("app.shelf.download", "app.agent.download_file"),
)
@blp.doc(
    responses={
        "200": {
            "description": "The file; ranges and conditions are honoured",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
)
def fetch_file(sha256: str) -> Response:
    """Fetch a file by its SHA-256 in lower-case hex, whole or by one range."""
    return sent(service.fetch(uow(), actor(), sha256, begins=begins()))


def begins() -> bool:
    """Whether a request asks for a file from its beginning, and has nothing of it yet."""
    return request.method == "GET" and request.range is None and not request.if_none_match


def sent(item: Item) -> Response:
    """Answer with a version's bytes, to be saved and never shown."""
    version = item.version
    return send(
        Content(
            version.sha256,
            version.size,
            version.media_type,
            partial(kernel().blobs.open_shared, version.sha256),
            _AGAIN,
            shared=True,
            file_name=version.original_name,
        )
    )


def _tag(shown: Page[Item]) -> str:
    """Return a tag that changes whenever the page does."""
    told = [
        [str(row.version.id), row.version.version, row.file.version, row.required]
        for row in shown.items
    ]
    return content_hash({"items": told, "next": shown.next}).removeprefix("sha256:")
