"""The frame around every signed-in page: where one may go, who one is, what waits."""

from typing import Any, Final

from flask import url_for

from admin_ui import flashes, locale
from muster.kernel import approvals, guard
from muster.kernel.guard import FORCE, Target
from muster.kernel.web import actor, uow

_ROOMS: Final = {
    "devices": ("mdm.device.list",),
    "enrolment": ("mdm.enrol_token.list",),
    "configurations": ("mdm.configuration.list",),
    "approvals": ("approvals.read",),
    "apps": ("app.catalogue.read",),
    "records": ("field.record.list",),
    "checks": ("field.check.list", "audit.subject.search"),
    "audit": ("audit.entry.list",),
}


def may(action: str, target: Target = FORCE) -> bool:
    """Tell whether this person might do something, to draw or leave out what leads there."""
    return guard.may(uow(), actor(), action, target)


def nav() -> dict[str, str]:
    """Return the address of every room the person may open, '' for the others."""
    links = {"overview": url_for("console.overview")}
    for room, actions in _ROOMS.items():
        links[room] = url_for(f"console.{room}") if any(map(may, actions)) else ""
    links["people"] = url_for("console.people") if _answers_for_people() else ""
    return links


def frame(room: str) -> dict[str, Any]:
    """Return what `base.html` needs; `room` is the one that is shown."""
    person = actor().person
    assert person is not None
    unit = uow().kernel.people.unit(person.unit_id)
    return {
        "nav": nav(),
        "chrome": {
            **bare(),
            "page": room,
            "person": {"name": person.name, "number": person.number, "unit": unit.name},
            "approvals_waiting": approvals.waiting(uow(), actor()),
            "sign_out_url": url_for("console.sign_out"),
            "flashes": flashes.take(),
        },
    }


def bare() -> dict[str, Any]:
    """Return what a page outside the frame needs."""
    return {"lang": locale.language(), "languages": locale.languages()}


def posts() -> list[str]:
    """Return the codes of the units the person answers for today, their own first."""
    person, now = actor().person, uow().now()
    assert person is not None
    held = [post.unit for post in person.posts if post.holds(now) and post.role != "officer"]
    return sorted(set(held), key=lambda code: (code != person.unit, code))


def _answers_for_people() -> bool:
    people = uow().kernel.people
    return any(
        may(
            "identity.officer.read",
            Target("OfficerRecord", "*", {"own": False}, people.by_code(code).path),
        )
        for code in posts()
    )
