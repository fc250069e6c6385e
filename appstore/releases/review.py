"""Four eyes on a release, six on a sensitive one: whoever brought it asks, others approve or reject."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from appstore.catalogue.models import App
from appstore.releases import consents
from appstore.releases.errors import ReleaseOutdated, ReleaseState
from appstore.releases.events import ReleaseApproved
from appstore.releases.judging import enter, judged
from appstore.releases.lookup import find, link, target
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.reviews.opening import open_review
from appstore.vetting.judge import blocks
from muster.kernel import approvals, notices
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

PUBLISH: Final = "app.release.publish"


def ask(uow: UnitOfWork, actor: Actor, release: Release, reason: str = "") -> Approval:
    """Open the request that somebody else decides, and tell the approvers of the unit."""
    name = f"{release.package} {release.version_name} ({release.version_code})"
    approval = approvals.ask(
        uow,
        actor,
        PUBLISH,
        [target(uow, release)],
        body={
            "package": release.package,
            "version_code": release.version_code,
            "sha256": release.sha256,
            "urgent": release.urgent,
        },
        reason=reason or f"Release {name}"[:1000],
        label=f"Publish {name}"[:200],
    )
    release.approval_id = approval.id
    notices.send(
        uow,
        "app.release_urgent" if release.urgent else "app.release_waiting",
        role="approver",
        unit_id=release.unit_id,
        subject_key=str(release.id),
        params=_params(release, actor),
        link=link(release),
    )
    return approval


class PublishExecutor:
    """Carries out an approved publication: the release may now be rolled out."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the releases as they are today, locked; one no longer in review is refused."""
        return [self._target(uow, UUID(release_id)) for release_id in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Judge each release again on today's facts; with the last approver it may be rolled out.

        While one more must agree, the next request is open at once. Raises `ReleaseOutdated` when,
        say, a higher version was approved meanwhile.
        """
        said = {"sha256": approval.body["sha256"], "version_code": approval.body["version_code"]}
        for release_id in approval.resource_ids:
            release = find(uow, UUID(release_id))
            said["approvals"] = self._agree(uow, requester, approver, release, approval)
        return said

    def _target(self, uow: UnitOfWork, release_id: UUID) -> Target:
        release = find(uow, release_id, lock=True)
        if release.state != "needs_review":
            raise ReleaseState(f"This release is {release.state}, not in review.")
        return target(uow, release)

    def _agree(
        self,
        uow: UnitOfWork,
        requester: Actor,
        approver: Actor,
        release: Release,
        approval: Approval,
    ) -> str:
        known = judged(uow, requester, release)
        against = blocks(known.checks)
        if against or known.app is None:
            raise ReleaseOutdated(checks=[check.rule for check in against])
        have = consents.give(uow, approver, release, approval.note)
        need = consents.needed(release, known.checks)
        if have < need:
            ask(uow, requester, release, approval.reason)
            tell_submitter(uow, approver, release, "app.release_half_approved")
        else:
            _approve(uow, approver, release, known.app, approval.reason)
        return f"{have} of {need}"


def _approve(uow: UnitOfWork, approver: Actor, release: Release, app: App, reason: str) -> None:
    move(uow, approver, release, "approved", reason)
    enter(uow, approver, release, app)
    uow.emit(
        ReleaseApproved(
            release_id=release.id,
            package=release.package,
            version_code=release.version_code,
        )
    )
    tell_submitter(uow, approver, release, "app.release_approved")
    if release.urgent:
        open_review(uow, approver, release)


def tell_submitter(uow: UnitOfWork, actor: Actor, release: Release, kind: str) -> None:
    """Leave a notice for whoever brought the release."""
    notices.send(
        uow,
        kind,
        officer_id=release.submitted_by,
        subject_key=str(release.id),
        params=_params(release, actor),
        link=link(release),
    )


def _params(release: Release, actor: Actor) -> dict[str, Any]:
    return {
        "package": release.package,
        "version": release.version_name,
        "version_code": release.version_code,
        "by": actor.label,
    }
