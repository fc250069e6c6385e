"""Whom an app is for: its assignments, each with a look ahead before it is saved."""

from typing import Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages import app_rooms
from admin_ui.pages import assignments_view as view
from admin_ui.pages.terms_form import conditions, deadline
from admin_ui.showing import back_to, done, show
from appstore import catalogue
from appstore.assignments import draft as drafts
from appstore.assignments import impact
from appstore.assignments import service as assignments
from mdm.audiences import Audience, audience
from mdm.groups import rule_of
from muster.kernel.web import actor, decode_id, page, uow

_READ: Final = "app.catalogue.read"
_GROUPS: Final = "mdm.group.list"
_WRITES: Final = ("app.assignment.write", "app.assignment.impose", _READ, _GROUPS)
_ROOM: Final = "/apps/<string(maxlength=223):package>/assignments"
_ONE: Final = f"{_ROOM}/<uuid:assignment_id>"
_LIST: Final = "console.app_assignments"


@console.route(_ROOM, actions=(_READ, _GROUPS))
def app_assignments(package: str) -> str:
    """The assignments of an app, newest first, and the form of a new one."""
    return _page(package)


@console.route(_ROOM, methods=["POST"], actions=_WRITES)
@back_to(app_assignments)
def assignment_create(package: str) -> str | Response:
    """Assign the app, or look ahead."""
    whom, draft = _audience(), _draft()
    if "preview" in request.form:
        return _page(package, assignments.preview(uow(), actor(), package, whom, draft))
    assignments.assign(uow(), actor(), package, whom, draft)
    return done("assigned", _LIST, package=package)


@console.route(_ONE, actions=(_READ,))
def app_assignment(package: str, assignment_id: UUID) -> str:
    """One assignment and its form."""
    return _form(package, assignment_id)


@console.route(_ONE, methods=["POST"], actions=_WRITES)
@back_to(app_assignment)
def assignment_change(package: str, assignment_id: UUID) -> str | Response:
    """Change an assignment, or look ahead."""
    changes = vars(_draft())
    if "preview" in request.form:
        tried = assignments.preview_change(uow(), actor(), package, assignment_id, changes)
        return _form(package, assignment_id, tried)
    version = forms.whole("version", 1, 10**9 - 1)
    assignments.change(uow(), actor(), package, assignment_id, version, changes)
    return done("assigned", _LIST, package=package)


@console.route(f"{_ONE}/remove", methods=["POST"], actions=_WRITES)
@back_to(app_assignment)
def assignment_remove(package: str, assignment_id: UUID) -> Response:
    """Take an assignment back."""
    version = forms.whole("version", 1, 10**9 - 1)
    assignments.remove(uow(), actor(), package, assignment_id, version)
    return done("unassigned", _LIST, package=package)


def _page(package: str, tried: impact.Impact | None = None) -> str:
    app = catalogue.read(uow(), actor(), package)
    rows = assignments.listing(uow(), actor(), package, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda seen: [seen.row.id])
    offered = view.audiences_for(app.app)
    return show(
        "assignments/list.html",
        "apps",
        app=app_rooms.name(app.app),
        package=package,
        crumbs=view.crumbs(app.app),
        app_rooms=app_rooms.links(app.app, _LIST),
        rows=[view.row(seen, package) for seen in shown.items],
        page=pager(shown),
        submit_url=url_for("console.assignment_create", package=package) if offered else "",
        audiences=offered,
        preview=vars(tried) if tried else None,
        values={**view.values(None), **(dict(request.form) if tried else {})},
        **view.choices(app.releases),
    )


def _form(package: str, assignment_id: UUID, tried: impact.Impact | None = None) -> str:
    app = catalogue.read(uow(), actor(), package)
    seen = assignments.read(uow(), actor(), package, assignment_id)
    change = view.may_change(app.app, seen.row)
    urls = {
        name: url_for(f"console.assignment_{name}", package=package, assignment_id=assignment_id)
        if change
        else ""
        for name in ("change", "remove")
    }
    return show(
        "assignments/detail.html",
        "apps",
        crumbs=[*view.crumbs(app.app), (_("Assignments"), url_for(_LIST, package=package))],
        name=view.called(seen),
        version=seen.row.version,
        urls=urls,
        preview=vars(tried) if tried else None,
        values={**view.values(seen.row), **(dict(request.form) if tried else {})},
        **view.choices(app.releases),
    )


def _audience() -> Audience:
    kind, _colon, ref = forms.text("audience", least=1, most=80).partition(":")
    return audience(uow(), kind, ref, rule_of(request.form) if kind == "rule" else None)


def _draft() -> drafts.Draft:
    pin = forms.text("pinned_code", most=16)
    if pin and not pin.isdecimal():
        raise forms.fault("pinned_code", _("Choose one of those offered."))
    return drafts.Draft(
        mode=forms.chosen("mode", view.MODES),
        reason=forms.reason(),
        pinned_code=int(pin) if pin else None,
        starts=forms.day("starts"),
        ends=forms.day("ends", end=True),
        conditions=conditions(),
        deadline=deadline(),
    )
