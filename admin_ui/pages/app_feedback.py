"""What officers say of an app, and the publisher's answers; units are shown, people only if they agreed."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import app_rooms
from admin_ui.showing import back_to, done, show
from appstore import feedback, releases
from appstore.catalogue import App, lookup
from appstore.feedback import NEXT, Said
from muster.kernel.web import actor, decode_id, page, uow

N_ = str
_PAGE: Final = "console.app_feedback"
_ONE: Final = "/faults/<uuid:fault_id>"
_MOST_RATINGS: Final = 20
_OVER: Final = ("uploaded", "scanning", "rejected", "retired", "blocked")
_STATES: Final = {
    "open": N_("Open"),
    "answered": N_("Answered"),
    "fixed": N_("Mended"),
    "closed": N_("Closed"),
}


@console.route(
    "/apps/<string(maxlength=223):package>/feedback",
    actions=("app.feedback.read", "app.catalogue.read"),
)
def app_feedback(package: str) -> str:
    """Reported faults, newest first, and the newest ratings."""
    filters = Filters()
    state = filters.choice("state", _("State"), words.choices(_STATES))
    after = decode_id(cursor())
    rows = feedback.faults(uow(), actor(), package, state=state, after=after, limit=LIMIT)
    shown = page(rows, LIMIT, lambda said: [said.row.id])
    rated = feedback.ratings(uow(), actor(), package, limit=_MOST_RATINGS)
    app = lookup.find(uow(), package)
    return show(
        "apps/feedback.html",
        "apps",
        app={"name": app_rooms.name(app), "package": package},
        app_rooms=app_rooms.links(app, _PAGE),
        url=url_for(_PAGE, package=package),
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(said) for said in shown.items],
        ratings=[
            {"stars": said.row.stars, "text": said.row.text, "at": said.row.at, **_from(said)}
            for said in rated[:_MOST_RATINGS]
        ],
    )


@console.route(_ONE, actions=("app.feedback.read", "app.catalogue.read"))
def fault(fault_id: UUID) -> str:
    """One reported fault, with the form to answer or close it."""
    app, said = feedback.read(uow(), actor(), fault_id)
    may = bool(NEXT[said.row.state]) and chrome.may(
        "app.feedback.answer", lookup.target(uow(), app)
    )
    group_id = said.crash_group_id if chrome.may("mdm.crash.list") else None
    return show(
        "apps/fault.html",
        "apps",
        app={"name": app_rooms.name(app), "url": url_for(_PAGE, package=app.package)},
        fault=_row(said)
        | {
            "answer": said.row.answer,
            "answered_at": said.row.answered_at,
            "fixed": said.fixed_version,
            "row_version": said.row.version,
            "crash_url": url_for("console.crash", group_id=group_id) if group_id else "",
        },
        answer_url=url_for("console.fault_answer", fault_id=fault_id) if may else "",
        releases=_releases(app) if may else [],
    )


@console.route(_ONE, methods=["POST"], actions=("app.feedback.answer",))
@back_to(fault)
def fault_answer(fault_id: UUID) -> Response:
    """Answer it, or close it with a last word."""
    text, version = forms.text("answer", least=1, most=2000), forms.whole("version", 1, 10**9 - 1)
    if "close" in request.form:
        mended = forms.optional_id("fixed_in")
        feedback.close(uow(), actor(), fault_id, text, version, mended)
    else:
        feedback.answer(uow(), actor(), fault_id, text, version)
    return done("fault_answered", "console.fault", fault_id=fault_id)


def _row(said: Said) -> dict[str, Any]:
    row = said.row
    return {
        "url": url_for("console.fault", fault_id=row.id),
        "text": row.text,
        "code": row.version_code,
        "state": row.state,
        "at": row.created_at,
        **_from(said),
    }


def _from(said: Said) -> dict[str, str]:
    return {"unit": said.unit, "by": said.by or ""}


def _releases(app: App) -> list[dict[str, str]]:
    """Return the releases that may mend it, to choose from."""
    rows = releases.listing(uow(), actor(), package=app.package, limit=20)
    standing = [row for row in rows if row.state not in _OVER]
    return [
        {"value": "", "label": _("none")},
        *(
            {"value": str(row.id), "label": f"{row.version_name} ({row.version_code})"}
            for row in standing
        ),
    ]
