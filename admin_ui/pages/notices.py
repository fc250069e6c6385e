"""One's own inbox: what the server has to tell, newest first."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages import notice_view
from admin_ui.showing import back_to, done, show
from muster.kernel.notices import Notice, own
from muster.kernel.web import actor, decode_id, page, uow


@console.route("/notices", actions=(own.READ,))
def notices() -> str:
    """The page."""
    rows = own.listing(uow(), actor(), decode_id(cursor()), LIMIT)
    shown = page(rows, LIMIT, lambda notice: [notice.id])
    return show(
        "notices/list.html",
        "notices",
        page=pager(shown),
        rows=[_row(notice) for notice in shown.items],
    )


@console.route("/notices/<uuid:notice_id>/read", methods=["POST"], actions=(own.READ,))
@back_to(notices, keys=())
def notice_read(notice_id: UUID) -> Response:
    """Mark one as read, and go on where one was."""
    own.mark_read(uow(), actor(), notice_id)
    return done("marked_read", "console.notices", cursor=cursor())


def _row(notice: Notice) -> dict[str, Any]:
    tone, sentence = notice_view.told(notice)
    mark = url_for("console.notice_read", notice_id=notice.id, cursor=cursor())
    return {
        "id": str(notice.id),
        "tone": tone,
        "text": sentence,
        "url": notice_view.link(notice),
        "addressee": _addressee(notice),
        "sent_at": notice.created_at,
        "read_at": notice.read_at,
        "mark_url": "" if notice.read_at else mark,
    }


def _addressee(notice: Notice) -> str:
    if notice.role is None:
        return _("You")
    role = words.of(words.ROLES, notice.role)
    if notice.unit_id is None:
        return role
    return f"{role} · {uow().kernel.people.unit(notice.unit_id).name}"
