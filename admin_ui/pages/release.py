"""One release: what it is, whether it may go out, and how far it has gone."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages import release_view as view
from admin_ui.showing import back_to, done, show
from appstore import releases, rollouts
from appstore.releases import Release, lookup
from appstore.rollouts import Ring
from mdm.groups import Group
from mdm.groups import service as groups
from muster.kernel.guard import Target
from muster.kernel.web import actor, uow

_PUBLISH = "app.release.publish"
_PAGE = "console.release"


@console.route("/releases/<uuid:release_id>", actions=("app.catalogue.read", "mdm.group.list"))
def release(release_id: UUID) -> str:
    """All of one release."""
    sight = releases.read(uow(), actor(), release_id)
    rings = rollouts.listing(uow(), actor(), release_id)
    free = _free(sight.release, rings)
    return show(
        "apps/release.html",
        "apps",
        release=view.facts(sight.release),
        checks=view.findings(sight),
        passed=view.passed(sight),
        permissions=view.permissions(sight),
        rollout=view.rollout(rings),
        rings=[{"value": str(group.id), "label": group.name} for group in free],
        approval_url=_approval(sight.release),
        actions={
            "reject": _url("reject", sight.release) if _rejectable(sight.release) else "",
            "start": _url("start", sight.release) if free else "",
            "halt": _url("halt", sight.release) if _haltable(sight.release, rings) else "",
        },
    )


@console.route(
    "/releases/<uuid:release_id>/reject",
    methods=["POST"],
    actions=("app.release.reject", "approvals.withdraw", "app.release.publish.approve"),
)
@back_to(release, "reject")
def release_reject(release_id: UUID) -> Response:
    """Say no to a release in review, or take one's own back."""
    releases.reject(uow(), actor(), release_id, forms.reason())
    return done("rejected", _PAGE, release_id=release_id)


@console.route(
    "/releases/<uuid:release_id>/start", methods=["POST"], actions=("app.rollout.start",)
)
@back_to(release, "start")
def release_start(release_id: UUID) -> Response:
    """Begin in a ring."""
    group = forms.optional_id("ring")
    if group is None:
        raise forms.fault("ring", _("Choose one of those offered."))
    rollouts.start(
        uow(),
        actor(),
        release_id,
        group_id=group,
        percent=forms.whole("percent", 1, 100),
        mode="required",
        reason=forms.reason(),
    )
    return done("rolled_out", _PAGE, release_id=release_id)


@console.route("/releases/<uuid:release_id>/halt", methods=["POST"], actions=("app.rollout.halt",))
@back_to(release, "halt")
def release_halt(release_id: UUID) -> Response:
    """Let it reach no further terminal, in any ring."""
    rollouts.halt_release(uow(), actor(), release_id, forms.reason())
    return done("halted", _PAGE, release_id=release_id)


def _free(row: Release, rings: Sequence[Ring]) -> list[Group]:
    """Return the groups that the person may roll the release out to and that have it not yet."""
    if row.state not in ("approved", "rolling", "released") or not chrome.may("mdm.group.list"):
        return []
    taken = {ring.group.id for ring in rings}
    return [
        group
        for group in groups.listing(uow(), actor(), limit=200)
        if group.id not in taken and _may(row, "app.rollout.start", group)
    ]


def _haltable(row: Release, rings: Sequence[Ring]) -> bool:
    rolling = [ring for ring in rings if ring.rollout.state == "rolling"]
    return bool(rolling) and all(_may(row, "app.rollout.halt", ring.group) for ring in rolling)


def _rejectable(row: Release) -> bool:
    return row.state == "needs_review" and chrome.may(
        "app.release.reject", lookup.target(uow(), row)
    )


def _may(row: Release, action: str, group: Group) -> bool:
    own = chrome.may(_PUBLISH, lookup.target(uow(), row))
    path = uow().kernel.people.unit(group.unit_id).path
    return chrome.may(action, Target("Rollout", "new", {"own": own}, path))


def _approval(row: Release) -> str:
    if row.approval_id is None or row.state != "needs_review" or not chrome.may("approvals.read"):
        return ""
    return url_for("console.approval", approval_id=row.approval_id)


def _url(act: str, row: Release) -> str:
    return url_for(f"console.release_{act}", release_id=row.id)
