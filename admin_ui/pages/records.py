"""What the field collected."""

import mimetypes
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import record_view as view
from admin_ui.showing import show
from mobile_api.checks import service as checks
from mobile_api.submissions import service
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_ALONE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an image in a tab of its own: browsers style the page they make around it, nothing runs."""
_SHOWN: Final = ("image/jpeg", "image/png", "image/webp")  # browsers are told not to guess


@console.route("/records", actions=("field.record.list",))
def records() -> str:
    """Records of the person's units, newest first."""
    filters = Filters()
    incident = filters.search("incident", _("Incident number"))
    rows = service.listing(
        uow(), actor(), incident=incident, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda line: [line.submission.id])
    people = names.officers(uow(), [line.submission.officer_id for line in shown.items])
    return show(
        "records/list.html",
        "records",
        filters=filters.drawn,
        page=pager(shown),
        export_url="",
        rows=[_row(line, people) for line in shown.items],
    )


@console.route("/records/<uuid:record_id>", actions=("field.record.review", "field.check.list"))
def record(record_id: UUID) -> str:
    """One record with its files and what the checks on it said."""
    detail = service.review(uow(), actor(), record_id)
    asked = [check.check_id for check in detail.checks if check.check_id]
    lines = checks.lines(uow(), actor(), asked) if asked else []
    return show(
        "records/detail.html",
        "records",
        record=view.facts(detail),
        answers=view.answers(detail),
        photos=view.photos(detail),
        checks=view.checks(detail, lines),
        conflict=None,
        history=[],
    )


@console.route("/records/<uuid:record_id>/files/<path:name>", actions=("field.record.see_file",))
def photo(record_id: UUID, name: str) -> Response:
    """A file of a record, decrypted while it streams; opening it is recorded."""
    blob, content = service.attachment(uow(), actor(), record_id, name)
    named = (blob.media_type, mimetypes.guess_type(name)[0])
    kind = next((one for one in named if one in _SHOWN), None)
    response = Response(content, content_type=kind or "application/octet-stream")
    response.content_length = blob.size
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers.set("Content-Disposition", "inline" if kind else "attachment", filename=name)
    return response


def _row(line: service.Line, people: dict[UUID, names.Named]) -> dict[str, Any]:
    row = line.submission
    person = people.get(row.officer_id)
    return {
        "url": url_for("console.record", record_id=row.id),
        "number": view.number(row),
        "form": line.form.title,
        "officer": person.name if person else row.officer_number,
        "officer_number": row.officer_number,
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "state": view.STATES.get(row.state, row.state),
        "place": view.place(row),
        "incident": row.incident,
        "captured_at": row.device_time,
        "received_at": row.received_at,
    }
