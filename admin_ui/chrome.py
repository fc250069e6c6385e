"""The frame around every signed-in page: where one may go, who one is, what waits."""

from typing import Any, Final

from flask import url_for

from admin_ui import flashes, locale
from muster.kernel import approvals, guard
from muster.kernel.guard import FORCE, SecretChangeRequired, Target
from muster.kernel.notices import own as inbox
from muster.kernel.web import actor, uow

_ROOMS: Final = {
    "notices": (inbox.READ,),
    "shelf": ("app.shelf.list",),
    "devices": ("mdm.device.list",),
    "equipment": ("mdm.asset.list",),
    "orders": ("mdm.order.list",),
    "enrolment": ("mdm.enrol_token.list",),
    "groups": ("mdm.group.list",),
    "configurations": ("mdm.configuration.list",),
    "compliance": ("mdm.compliance.read",),
    "certificates": ("mdm.certificate.list",),
    "crashes": ("mdm.crash.list",),
    "quarantine": ("mdm.quarantine.list",),
    "hints": ("mdm.hint.list",),
    "approvals": ("approvals.read",),
    "apps": ("app.catalogue.read",),
    "files": ("app.file.read",),
    "clients": ("identity.client.list",),
    "fdroid": ("app.fdroid_access.list",),
    "records": ("field.record.list",),
    "checks": ("field.check.list", "audit.subject.search"),
    "delegations": ("identity.delegation.list_own",),
    "reviews": ("identity.review.list",),
    "audit": ("audit.entry.list",),
    "policies": ("access.policy.read",),
    "trust": ("identity.trust.read",),
}


def may(action: str, target: Target = FORCE) -> bool:
    """Tell whether this person might do something, to draw or leave out what leads there."""
    return guard.may(uow(), actor(), action, target)


def nav() -> dict[str, str]:
    """Return the address of every room the person may open, '' for the others."""
    links = {"overview": url_for("console.overview")}
    for room, actions in _ROOMS.items():
        links[room] = url_for(f"console.{room}") if any(map(may, actions)) else ""
    links["people"] = url_for("console.people") if over("identity.officer.read") else ""
    links["leavers"] = url_for("console.leavers") if over("identity.holding.list") else ""
    return links


def frame(room: str) -> dict[str, Any]:
    """Return what `base.html` needs; `room` is the one that is shown."""
    person = actor().person
    assert person is not None
    if actor().must_change:
        raise SecretChangeRequired
    unit = uow().kernel.people.unit(person.unit_id)
    return {
        "nav": nav(),
        "chrome": {
            **bare(),
            "page": room,
            "person": {"name": person.name, "number": person.number, "unit": unit.name},
            "approvals_waiting": approvals.waiting(uow(), actor()),
            "notices_unread": inbox.unread(uow(), actor()),
            "sign_out_url": url_for("console.sign_out"),
            "account_url": url_for("console.account"),
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


def over(action: str) -> bool:
    """Tell whether the person may do something about people of a unit they answer for."""
    people = uow().kernel.people
    return any(
        may(action, Target("OfficerRecord", "*", {"own": False}, people.by_code(code).path))
        for code in posts()
    )
