"""The download centre for publishers and device admins: list, make, look at one."""

from typing import Any, Final

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import files_view as view
from admin_ui.pages.equipment import units
from admin_ui.showing import back_to, done, show
from appstore import files as service
from appstore.files import EXTENSIONS, SLUG, Listed, assigning, lookup
from muster.kernel.guard import Target
from muster.kernel.web import actor, decode_text, page, uow

READ: Final = "app.file.read"
SEEN: Final = (READ, "mdm.group.list")


@console.route("/files", endpoint="files", actions=(READ,))
def files_list() -> str:
    """Files by their short names."""
    filters = Filters()
    offered = [(kind, words.of(view.KINDS, kind)) for kind in view.KINDS]
    kind = filters.choice("kind", _("Kind"), offered)
    after = decode_text(cursor())
    rows = service.listing(uow(), actor(), kind=kind, after=after, limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.file.slug])
    return show(
        "files/list.html",
        "files",
        filters=filters.drawn,
        page=pager(shown),
        new_url=url_for("console.file_new") if _may_create() else "",
        rows=[_row(row) for row in shown.items],
    )


@console.route("/files/new", actions=SEEN)
def file_new() -> str:
    """The form of a new file."""
    service.listing(uow(), actor(), limit=1)
    return show(
        "files/new.html",
        "files",
        kinds=view.kinds(),
        audiences=view.audiences(view.groups_seen()),
        units=units(),
    )


@console.route("/files/new", methods=["POST"], actions=("app.file.create", *SEEN))
@back_to(file_new)
def file_create() -> Response:
    """Make a file; its first version follows."""
    slug = forms.matching("slug", SLUG, _("Small letters, digits and hyphens."))
    unit = forms.text("unit", least=1, most=64)
    made = service.create(uow(), actor(), slug=slug, unit=unit, **said())
    return done("file_made", "console.file", slug=made.slug)


@console.route("/files/<string(maxlength=64):slug>", actions=SEEN)
def file(slug: str) -> str:
    """One file: its versions, whom it is for, who must have it, who fetched it."""
    described = service.read(uow(), actor(), slug)
    row, seen = described.file, view.groups_seen()
    target, is_open = lookup.target(uow(), row), row.state == "open"
    assigned = service.assigned(uow(), actor(), slug, limit=199)
    taken = {group.id for group in assigned}
    may = {
        act: is_open and chrome.may(f"app.file.{act}", target)
        for act in ("edit", "submit", "withdraw")
    }
    free = [
        {"value": str(group.id), "label": group.name}
        for group in seen
        if group.id not in taken and assigning.assignable(uow(), actor(), row, group)
    ]
    return show(
        "files/detail.html",
        "files",
        file=view.facts(row),
        versions=view.versions(described),
        kinds=view.kinds(),
        audiences=_with_own(view.audiences(seen), view.facts(row)),
        extensions=", ".join(EXTENSIONS),
        assigned=[
            {
                "name": group.name,
                "drop_url": url_for("console.file_unassign", slug=slug, group_id=group.id)
                if assigning.assignable(uow(), actor(), row, group)
                else "",
            }
            for group in assigned
        ],
        groups=free,
        actions={
            "edit": url_for("console.file_edit", slug=slug) if may["edit"] else "",
            "upload": url_for("console.file_upload", slug=slug) if may["submit"] else "",
            "withdraw": url_for("console.file_withdraw", slug=slug) if may["withdraw"] else "",
            "assign": url_for("console.file_assign", slug=slug) if free and is_open else "",
        },
    )


def said() -> dict[str, Any]:
    """Return what a form says of a file."""
    offered = [choice["value"] for choice in view.audiences(view.groups_seen())]
    return {
        "title": forms.text("title", least=1),
        "title_zh": forms.text("title_zh"),
        "description": forms.text("description", most=2000),
        "kind": forms.chosen("kind", view.KINDS),
        **view.aimed(forms.chosen("audience", offered)),
    }


def _with_own(offered: list[dict[str, str]], facts: dict[str, Any]) -> list[dict[str, str]]:
    """Offer what the file has already, too: somebody else may have chosen it."""
    if any(choice["value"] == facts["audience"] for choice in offered):
        return offered
    return [{"value": facts["audience"], "label": facts["audience_name"]}, *offered]


def _row(row: Listed) -> dict[str, Any]:
    current = row.current
    return {
        "url": url_for("console.file", slug=row.file.slug),
        **view.facts(row.file),
        "number": current.number if current else None,
        "size": current.size if current else 0,
        "at": current.created_at if current else row.file.updated_at,
        "expires_at": current.expires_at if current else None,
    }


def _may_create() -> bool:
    people = uow().kernel.people
    return any(
        chrome.may("app.file.create", Target("StoreFile", "new", unit=people.by_code(code).path))
        for code in chrome.posts()
    )
