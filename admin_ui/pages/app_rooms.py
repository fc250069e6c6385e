"""The rooms of an app: what there is to see and to do about it beside its releases.

A feature adds its line to `ROOMS`, names its endpoint's part of the address `package`, and draws
`{{ rooms(app_rooms) }}` of `macros/app.html` below its header, inside a `stack`.
"""

from typing import Any, Final

from flask import url_for
from flask_babel import gettext

from admin_ui import chrome, words
from appstore.catalogue import App, lookup
from muster.kernel.guard import FORCE
from muster.kernel.web import uow

N_ = str
ROOMS: Final = (
    (N_("Releases"), "console.app", "app.catalogue.read"),
    (N_("Listing"), "console.listing", "app.catalogue.read"),
    (N_("Configuration"), "console.app_configs", "app.catalogue.read"),
    (N_("Insight"), "console.app_insight", "app.insight.read"),
    (N_("Feedback"), "console.app_feedback", "app.feedback.read"),
    (N_("Waivers"), "console.app_waivers", "app.catalogue.read"),
    (N_("Assignments"), "console.app_assignments", "app.catalogue.read"),
    (N_("Rollouts"), "console.app_rollouts", "app.catalogue.read"),
    (N_("Tracks"), "console.app_tracks", "app.catalogue.read"),
)
"""Label, endpoint and the action that opens it, on the app or on the force, in the order drawn."""


def links(app: App, here: str) -> list[dict[str, Any]]:
    """Return the view model `app_rooms`: the rooms this person may open; `here` is the endpoint."""
    mine = lookup.target(uow(), app)
    actions = uow().kernel.guard.actions
    return [
        {
            "label": gettext(label),
            "url": url_for(endpoint, package=app.package),
            "current": endpoint == here,
        }
        for label, endpoint, action in ROOMS
        if chrome.may(action, mine if actions[action].resource == mine.type else FORCE)
    ]


def name(app: App) -> str:
    """Return what an app is called in the reader's language."""
    return (words.chinese() and app.label_zh) or app.label or app.package
