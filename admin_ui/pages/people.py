"""People, what they may do, and until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Response, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm import devices
from muster.kernel.identity import Device, Officer, names, officers
from muster.kernel.web import actor, decode_text, page, uow


@console.route("/people", endpoint="people", actions=("identity.officer.read",))
def people_list() -> str:
    """Officers and staff of a unit and all below it."""
    filters = Filters()
    unit = filters.unit()
    state = filters.choice(
        "state",
        _("State"),
        [("active", _("Active")), ("suspended", _("Suspended")), ("left", _("Left"))],
    )
    found = officers.listing(
        uow(),
        actor(),
        unit=unit or chrome.posts()[0],
        state=cast("officers.State | None", state),
        after=decode_text(cursor()),
        limit=LIMIT,
    )
    shown = page(found, LIMIT, lambda officer: [officer.number])
    ids = [officer.id for officer in shown.items]
    held = devices.holdings(uow(), ids) if chrome.may("mdm.device.list") else {}
    seen = names.last_sign_ins(uow(), ids)
    return show(
        "people/list.html",
        "people",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(officer, held.get(officer.id, []), seen) for officer in shown.items],
    )


@console.route(
    "/people/<uuid:officer_id>/suspend",
    methods=["POST"],
    actions=("identity.officer.suspend",),
)
@back_to(people_list, "suspend-{officer_id}", keys=())
def person_suspend(officer_id: UUID) -> Response:
    """End every session of somebody, and let them open none."""
    reason = forms.reason()
    person = names.officers(uow(), [officer_id]).get(officer_id)
    forms.confirmed(person.number if person else "")
    officers.suspend(uow(), actor(), officer_id, reason)
    return done("suspended", "console.people")


@console.route(
    "/people/<uuid:officer_id>/reinstate",
    methods=["POST"],
    actions=("identity.officer.reinstate",),
)
@back_to(people_list, "reinstate-{officer_id}", keys=())
def person_reinstate(officer_id: UUID) -> Response:
    """Let somebody sign in again."""
    officers.reinstate(uow(), actor(), officer_id, forms.reason())
    return done("reinstated", "console.people")


def _row(officer: Officer, held: list[Device], seen: Mapping[UUID, datetime]) -> dict[str, Any]:
    people, now = uow().kernel.people, uow().now()
    return {
        "id": str(officer.id),
        "url": url_for("console.person", officer_id=officer.id),
        "name": officer.name,
        "number": officer.number,
        "unit": people.unit(officer.unit_id).name,
        "kind": "sworn" if officer.sworn else "auxiliary",
        "state": officer.state,
        "roles": [
            {
                "name": words.of(words.ROLES, post.role),
                "until": format_date(post.valid_until) if post.valid_until else "",
            }
            for post in people.posts(officer.id, officer.epoch)
            if post.holds(now)
        ],
        "devices": [
            {"number": device.label, "url": url_for("console.device", device_id=device.id)}
            for device in held
        ],
        "last_sign_in": seen.get(officer.id),
        "suspend_url": _act(officer, "suspend", "active"),
        "reinstate_url": _act(officer, "reinstate", "suspended"),
    }


def _act(officer: Officer, act: str, state: str) -> str:
    target = officers.target_of(uow(), actor(), officer)
    if officer.state != state or not chrome.may(f"identity.officer.{act}", target):
        return ""
    return url_for(f"console.person_{act}", officer_id=officer.id)
