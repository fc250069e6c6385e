"""What the person may fetch for themselves: a plain page of large links, at any width."""

from flask import Response, url_for
from flask_babel import get_locale

from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.files_view import KINDS
from admin_ui.showing import show
from admin_ui.words import of
from appstore import files
from appstore.files import Item, StoreFile, routes
from muster.kernel.web import Mode, actor, decode_text, page, uow


@console.route("/shelf", actions=("app.shelf.list",))
def shelf() -> str:
    """Files that are for this person."""
    rows = files.on_shelf(uow(), actor(), after=decode_text(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda item: [item.file.slug])
    return show(
        "shelf/list.html", "shelf", page=pager(shown), rows=[_row(item) for item in shown.items]
    )


@console.route(
    "/shelf/<string(length=64):sha256>", mode=Mode.WRITES, actions=("app.shelf.download",)
)
def shelf_file(sha256: str) -> Response:
    """The bytes, to be saved; a cut download goes on where it stopped."""
    return routes.sent(files.fetch(uow(), actor(), sha256, begins=routes.begins()))


def title_of(file: StoreFile) -> str:
    """Return a file's title in the reader's language, if it has one there."""
    chinese = str(get_locale()).startswith("zh")
    return file.title_zh if chinese and file.title_zh else file.title


def _row(item: Item) -> dict[str, object]:
    return {
        "url": url_for("console.shelf_file", sha256=item.version.sha256),
        "title": title_of(item.file),
        "description": item.file.description,
        "kind": of(KINDS, item.file.kind),
        "name": item.version.original_name,
        "size": item.version.size,
        "number": item.version.number,
        "notes": item.version.notes,
        "at": item.version.created_at,
        "expires_at": item.version.expires_at,
    }
