"""The rollouts of an app: begin with conditions, widen or change, halt, go on."""

from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms, terms_form
from admin_ui.pages.assignments_view import MODES, crumbs
from admin_ui.showing import back_to, done, show
from appstore import catalogue, releases, rollouts
from appstore.releases import Release, lookup
from appstore.rollouts import Ring
from mdm import groups
from mdm.groups import Group
from muster.kernel.guard import Target
from muster.kernel.web import actor, uow

_READ: Final = "app.catalogue.read"
_GROUPS: Final = "mdm.group.list"
_STARTED: Final = ("approved", "rolling", "released")
_SHOWN: Final = ("rolling", "halted", "released")
_LIST: Final = "console.app_rollouts"
_ROOM: Final = "/apps/<string(maxlength=223):package>/rollouts"
_ONE: Final = "/rollouts/<uuid:rollout_id>"


@console.route(_ROOM, actions=(_READ, _GROUPS))
def app_rollouts(package: str) -> str:
    """Where the releases of an app are on their way to."""
    described = catalogue.read(uow(), actor(), package)
    ready = [one for one in described.releases if one.state in _STARTED]
    rings = _rings(ready[0]) if ready else []
    return show(
        "rollouts/list.html",
        "apps",
        crumbs=crumbs(described.app),
        app=app_rooms.name(described.app),
        app_rooms=app_rooms.links(described.app, _LIST),
        rows=[
            _row(release, ring)
            for release in described.releases
            if release.state in _SHOWN
            for ring in rollouts.listing(uow(), actor(), release.id)
        ],
        submit_url=url_for("console.rollout_start", package=package) if rings else "",
        releases=[{"value": str(one.id), "label": _called(one)} for one in ready],
        rings=[{"value": str(group.id), "label": group.name} for group in rings],
        modes=[
            {"value": mode, "label": words.of(MODES, mode)} for mode in ("required", "available")
        ],
        values=terms_form.values({}, None),
    )


@console.route(_ROOM, methods=["POST"], actions=("app.rollout.start", _READ, _GROUPS))
@back_to(app_rollouts)
def rollout_start(package: str) -> Response:
    """Begin in a ring."""
    release, ring = forms.optional_id("release"), forms.optional_id("ring")
    if release is None or ring is None:
        raise forms.fault("ring", _("Choose one of those offered."))
    rollouts.start(
        uow(),
        actor(),
        release,
        group_id=ring,
        percent=forms.whole("percent", 1, 100),
        mode=forms.chosen("mode", ("required", "available")),
        reason=forms.reason(),
        conditions=terms_form.conditions(),
        deadline=terms_form.deadline(),
    )
    return done("rolled_out", _LIST, package=package)


@console.route(_ONE, actions=(_READ,))
def rollout(rollout_id: UUID) -> str:
    """One rollout, and what can be done about it."""
    ring = rollouts.read(uow(), actor(), rollout_id)
    release = releases.read(uow(), actor(), ring.rollout.release_id).release
    app = catalogue.read(uow(), actor(), release.package).app
    row = ring.rollout
    turn = "resume" if row.state == "halted" else "halt"
    may = {name: _may(release, f"app.rollout.{name}", ring.group) for name in ("raise", turn)}
    return show(
        "rollouts/detail.html",
        "apps",
        crumbs=[*crumbs(app), (_("Rollouts"), url_for(_LIST, package=app.package))],
        rollout=_row(release, ring) | {"version": row.version},
        values={"percent": row.percent, **terms_form.values(row.conditions, row.deadline)},
        urls={
            "change": _url("change", row.id) if may["raise"] else "",
            "halt": _url("halt", row.id) if may.get("halt") else "",
            "resume": _url("resume", row.id) if may.get("resume") else "",
        },
    )


@console.route(_ONE, methods=["POST"], actions=("app.rollout.raise", _READ))
@back_to(rollout)
def rollout_change(rollout_id: UUID) -> Response:
    """Widen a rollout, or change its conditions."""
    changes: dict[str, Any] = {
        "percent": forms.whole("percent", 1, 100),
        "conditions": terms_form.conditions(),
        "deadline": terms_form.deadline(),
    }
    version = forms.whole("version", 1, 10**9 - 1)
    rollouts.change(uow(), actor(), rollout_id, version, changes)
    return done("rollout_changed", "console.rollout", rollout_id=rollout_id)


@console.route(f"{_ONE}/halt", methods=["POST"], actions=("app.rollout.halt", _READ))
@back_to(rollout, "halt")
def rollout_halt(rollout_id: UUID) -> Response:
    """Let it reach no further terminal."""
    rollouts.halt(uow(), actor(), rollout_id, forms.reason())
    return done("halted", "console.rollout", rollout_id=rollout_id)


@console.route(f"{_ONE}/resume", methods=["POST"], actions=("app.rollout.resume", _READ))
@back_to(rollout, "resume")
def rollout_resume(rollout_id: UUID) -> Response:
    """Let it go on."""
    rollouts.resume(uow(), actor(), rollout_id, forms.reason())
    return done("rollout_changed", "console.rollout", rollout_id=rollout_id)


def _row(release: Release, ring: Ring) -> dict[str, Any]:
    row = ring.rollout
    return {
        "url": url_for("console.rollout", rollout_id=row.id),
        "name": f"{_called(release)} · {ring.group.name}",
        "percent": row.percent,
        "mode": row.mode,
        "state": words.ROLLOUT[row.state],
        "conditions": terms_form.sentence(row.conditions),
        "deadline": row.deadline,
        "installed": ring.health.installed,
        "targeted": ring.health.targeted,
        "failed": ring.health.failed,
    }


def _called(release: Release) -> str:
    return f"{release.version_name} ({release.version_code})"


def _rings(release: Release) -> list[Group]:
    """Return the groups that this person may roll the app out to."""
    if not chrome.may("mdm.group.list"):
        return []
    found = groups.listing(uow(), actor(), limit=200)
    return [group for group in found if _may(release, "app.rollout.start", group)]


def _may(release: Release, action: str, group: Group) -> bool:
    own = chrome.may("app.release.publish", lookup.target(uow(), release))
    path = uow().kernel.people.unit(group.unit_id).path
    return chrome.may(action, Target("Rollout", "any", {"own": own}, path))


def _url(act: str, rollout_id: UUID) -> str:
    return url_for(f"console.rollout_{act}", rollout_id=rollout_id)
