"""Assignments as their pages show them."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui import chrome, words
from admin_ui.pages import app_rooms, terms_form
from appstore.assignments import Assignment
from appstore.assignments import service as assignments
from appstore.catalogue import App
from appstore.releases import Release
from mdm import groups
from mdm.audiences import Audience
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

N_ = str
MODES: Final = {
    "required": N_("Required"),
    "available": N_("Available"),
    "blocked": N_("Blocked"),
}
_KINDS: Final = {
    "organisation": N_("Whole organisation"),
    "unit": N_("Unit"),
    "group": N_("Group"),
    "role": N_("Role of the holder"),
    "class": N_("Class"),
    "rule": N_("By rule"),
}
_PINNED: Final = ("approved", "rolling", "halted", "released", "superseded")


def called(seen: assignments.Seen) -> str:
    """Return whom an assignment is for."""
    kind, named = words.of(_KINDS, seen.row.audience), seen.name
    if seen.row.audience in ("role", "class"):
        named = words.of(words.ROLES if seen.row.audience == "role" else words.CLASSES, seen.ref)
    if seen.row.rule is not None:
        said = groups.written(seen.row.rule)
        named = "; ".join(text for text in said.values() if text)
    return f"{kind}: {named}" if named else kind


def row(seen: assignments.Seen, package: str) -> dict[str, Any]:
    """Return one line of the list."""
    kept = seen.row
    return {
        "url": url_for("console.app_assignment", package=package, assignment_id=kept.id),
        "name": called(seen),
        "mode": kept.mode,
        "pinned_code": kept.pinned_code or "",
        "starts": kept.starts,
        "ends": kept.ends,
        "in_force": kept.in_force(uow().now()),
        "conditions": terms_form.sentence(kept.conditions),
        "deadline": kept.deadline,
        "reason": kept.reason,
    }


def values(kept: Assignment | None) -> dict[str, Any]:
    """Return what the form's fields hold."""
    rule = groups.written(kept.rule if kept else None)
    if kept is None:
        terms = terms_form.values({}, None)
        plain = dict.fromkeys(("audience", "pinned_code", "starts", "ends", "reason"), "")
        return {**plain, "mode": "available", **terms, **rule}
    return {
        "mode": kept.mode,
        "pinned_code": kept.pinned_code or "",
        "starts": kept.starts.date().isoformat() if kept.starts else "",
        "ends": terms_form.last_day(kept.ends),
        "reason": kept.reason,
        **terms_form.values(kept.conditions, kept.deadline),
    }


def choices(releases: Sequence[Release]) -> dict[str, Any]:
    """Return modes, and the versions that may be pinned."""
    return {
        "modes": [{"value": mode, "label": words.of(MODES, mode)} for mode in MODES],
        "pins": [
            {"value": "", "label": _("The newest one")},
            *(
                {"value": one.version_code, "label": f"{one.version_name} ({one.version_code})"}
                for one in releases
                if one.state in _PINNED
            ),
        ],
    }


def audiences_for(app: App) -> list[dict[str, str]]:
    """Return the audiences that this person may let have the app, each with its words."""
    units = [
        (f"unit:{unit.code}", f"{_('Unit')}: {unit.name}", Audience("unit", unit.id))
        for unit in names.units_below(uow(), chrome.posts())
    ]
    rings = groups.listing(uow(), actor(), limit=200) if chrome.may("mdm.group.list") else ()
    grouped = [
        (f"group:{group.id}", f"{_('Group')}: {group.name}", Audience("group", group.id))
        for group in rings
    ]
    wide = [(kind, words.of(_KINDS, kind), Audience(kind)) for kind in ("organisation", "rule")]
    named = [
        (f"{kind}:{ref}", f"{words.of(_KINDS, kind)}: {words.of(among, ref)}", Audience(kind))
        for kind, among in (("role", words.ROLES), ("class", words.CLASSES))
        for ref in among
    ]
    return [
        {"value": value, "label": label}
        for value, label, audience in (*wide, *units, *grouped, *named)
        if audience.kind == "rule" or _may(app, audience)
    ]


def may_change(app: App, kept: Assignment) -> bool:
    """Whether this person may change an assignment, to offer its form."""
    action = assignments.action_for(kept.audience, kept.mode)
    return chrome.may(action, assignments.target(uow(), actor(), app, kept))


def crumbs(app: App) -> list[tuple[str, str]]:
    """Return the way to an app."""
    return [
        (_("Apps"), url_for("console.apps")),
        (app_rooms.name(app), url_for("console.app", package=app.package)),
    ]


def _may(app: App, audience: Audience) -> bool:
    draft = Assignment(
        id=UUID(int=0),
        audience=audience.kind,
        scope_id=audience.scope,
        rule=None,
        mode="available",
    )
    return may_change(app, draft)
