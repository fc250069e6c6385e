"""The tracks of an app: which groups each reaches, and how."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms
from admin_ui.showing import back_to, done, show
from appstore import catalogue
from appstore.tracks import order, service
from mdm.groups import Group, groups_in
from mdm.groups import service as groups
from muster.kernel.web import actor, uow

_AT = "/apps/<string(maxlength=223):package>/tracks"
_MODES = ("required", "available")


@console.route(_AT, actions=("app.catalogue.read", "mdm.group.list"))
def app_tracks(package: str) -> str:
    """The three tracks with their rings."""
    app = catalogue.read(uow(), actor(), package).app
    change = chrome.may("app.track.change", catalogue.lookup.target(uow(), app))
    offered: Sequence[Group] = ()
    if change and chrome.may("mdm.group.list"):
        offered = groups.listing(uow(), actor(), limit=200)
    return show(
        "apps/tracks.html",
        "apps",
        app={"name": app_rooms.name(app), "url": url_for("console.app", package=package)},
        app_rooms=app_rooms.links(app, "console.app_tracks"),
        change=change,
        modes=[{"value": mode, "label": words.of(words.MODES, mode)} for mode in _MODES],
        lanes=[_lane(package, lane, offered) for lane in service.listing(uow(), actor(), package)],
    )


@console.route(
    f"{_AT}/<any({','.join(order.TRACKS)}):name>/add",
    methods=["POST"],
    actions=("app.catalogue.read", "app.track.change"),
)
@back_to(app_tracks, keys=("package",))
def app_track_add(package: str, name: str) -> Response:
    """Let a track reach one more group."""
    group = forms.optional_id("group")
    if group is None:
        raise forms.fault("group", _("Choose one of those offered."))
    ring = {
        "group_id": group,
        "percent": forms.whole("percent", 1, 100),
        "mode": forms.chosen("mode", _MODES),
    }
    kept = [one for one in _rings(package, name) if one["group_id"] != group]
    return _save(package, name, [*kept, ring])


@console.route(
    f"{_AT}/<any({','.join(order.TRACKS)}):name>/remove/<uuid:group_id>",
    methods=["POST"],
    actions=("app.catalogue.read", "app.track.change"),
)
@back_to(app_tracks, keys=("package",))
def app_track_remove(package: str, name: str, group_id: UUID) -> Response:
    """Let a track reach a group no more; rollouts that began go on."""
    kept = [one for one in _rings(package, name) if one["group_id"] != group_id]
    return _save(package, name, kept)


def _save(package: str, name: str, rings: list[dict[str, Any]]) -> Response:
    version = forms.whole("version", 0, 10**9 - 1)
    service.change(uow(), actor(), package, name, rings, version)
    return done("track_saved", "console.app_tracks", package=package)


def _rings(package: str, name: str) -> list[dict[str, Any]]:
    lanes = service.listing(uow(), actor(), package)
    rings = next(lane.rings for lane in lanes if lane.name == name)
    return [{"group_id": one.group_id, "percent": one.percent, "mode": one.mode} for one in rings]


def _lane(package: str, lane: service.Lane, offered: Sequence[Group]) -> dict[str, Any]:
    ids = [ring.group_id for ring in lane.rings]
    named = {group.id: group.name for group in groups_in(uow(), ids)} if ids else {}
    return {
        "name": lane.name,
        "title": words.of(words.TRACKS, lane.name),
        "version": lane.version,
        "add_url": url_for("console.app_track_add", package=package, name=lane.name),
        "groups": [
            {"value": str(group.id), "label": group.name}
            for group in offered
            if group.id not in named
        ],
        "rings": [
            {
                "group": named[ring.group_id],
                "percent": ring.percent,
                "mode": words.of(words.MODES, ring.mode),
                "remove_url": url_for(
                    "console.app_track_remove",
                    package=package,
                    name=lane.name,
                    group_id=ring.group_id,
                ),
            }
            for ring in lane.rings
        ],
    }
