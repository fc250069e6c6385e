"""One release: what it is, whether it may go out, and how far it has gone."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.pages import release_offers as offers
from admin_ui.pages import release_view as view
from admin_ui.pages import rollbacks
from admin_ui.showing import back_to, done, show
from appstore import releases, rollouts
from appstore.releases import Release
from appstore.rollouts import Ring
from mdm.groups import Group
from mdm.groups import service as groups
from muster.kernel.web import actor, uow

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
        crumbs=_crumbs(sight.release),
        release=view.facts(sight.release),
        checks=view.findings(sight),
        passed=view.passed(sight),
        waiting=view.progress(sight),
        tracks=[
            {"value": name, "label": words.of(words.TRACKS, name)}
            for name in offers.promotable(sight.release)
        ],
        permissions=view.permissions(sight),
        rollout=view.rollout(rings),
        rings=[{"value": str(group.id), "label": group.name} for group in free],
        approval_url=_approval(sight.release),
        rollback_url=_url_back(sight.release),
        actions=offers.offered(sight, rings, free),
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


def _crumbs(row: Release) -> list[tuple[str, str]]:
    apps = (_("Apps"), url_for("console.apps"))
    if row.app_id is None:
        return [apps]
    return [apps, (row.label or row.package, url_for("console.app", package=row.package))]


def _free(row: Release, rings: Sequence[Ring]) -> list[Group]:
    """Return the groups that the person may roll the release out to and that have it not yet."""
    if row.state not in ("approved", "rolling", "released") or not chrome.may("mdm.group.list"):
        return []
    taken = {ring.group.id for ring in rings}
    return [
        group
        for group in groups.listing(uow(), actor(), limit=200)
        if group.id not in taken and offers.may_roll(row, "app.rollout.start", group)
    ]


def _approval(row: Release) -> str:
    if row.approval_id is None or row.state != "needs_review" or not chrome.may("approvals.read"):
        return ""
    return url_for("console.approval", approval_id=row.approval_id)


def _url_back(row: Release) -> str:
    return url_for("console.rollback", release_id=row.id) if rollbacks.open_to(row) else ""
