"""Four eyes on a release: whoever brought it asks, somebody else approves or rejects."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from appstore.apk import ApkFacts
from appstore.catalogue.models import App
from appstore.releases.errors import ReleaseOutdated, ReleaseState
from appstore.releases.events import ReleaseApproved
from appstore.releases.history import history
from appstore.releases.lookup import find, link, target
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.vetting.judge import blocks, judge
from muster.kernel import approvals, notices
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, registrations
from muster.kernel.uow import UnitOfWork

PUBLISH: Final = "app.release.publish"


def ask(uow: UnitOfWork, actor: Actor, release: Release, reason: str = "") -> Approval:
    """Open the request that a second person decides, and tell the approvers of the unit."""
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
        },
        reason=reason or f"Release {name}"[:1000],
        label=f"Publish {name}"[:200],
    )
    release.approval_id = approval.id
    notices.send(
        uow,
        "app.release_waiting",
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
        """Judge each release again on today's facts, then approve it and pin its signer.

        Raises `ReleaseOutdated` when, say, a higher version was approved meanwhile.
        """
        for release_id in approval.resource_ids:
            self._approve(uow, requester, approver, find(uow, UUID(release_id)), approval.reason)
        return {"sha256": approval.body["sha256"], "version_code": approval.body["version_code"]}

    def _target(self, uow: UnitOfWork, release_id: UUID) -> Target:
        release = find(uow, release_id, lock=True)
        if release.state != "needs_review":
            raise ReleaseState(f"This release is {release.state}, not in review.")
        return target(uow, release)

    def _approve(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, release: Release, reason: str
    ) -> None:
        facts = ApkFacts.from_dict(release.facts)
        known = history(uow, requester, facts, lock=True, but=release.id)
        against = blocks(judge(facts, known.past))
        if against or known.app is None:
            raise ReleaseOutdated(checks=[check.rule for check in against])
        move(uow, approver, release, "approved", reason)
        _pin(known.app, facts)
        registrations.store.app_approved(
            uow,
            approver,
            package=release.package,
            signer=known.app.signers[-1],
            unit_id=known.app.unit_id,
            owner_id=release.submitted_by,
        )
        uow.emit(
            ReleaseApproved(
                release_id=release.id,
                package=release.package,
                version_code=release.version_code,
            )
        )
        tell_submitter(uow, approver, release, "app.release_approved")


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


def _pin(app: App, facts: ApkFacts) -> None:
    """Pin the first signer, or extend the pins by the successor its lineage proves."""
    app.label, app.label_zh = facts.label, facts.label_zh
    if not app.signers:
        app.signers = list(facts.lineage) or [facts.signer_sha256]
    elif facts.signer_sha256 != app.signers[-1]:
        app.signers = [*app.signers, facts.signer_sha256]


def _params(release: Release, actor: Actor) -> dict[str, Any]:
    return {
        "package": release.package,
        "version": release.version_name,
        "version_code": release.version_code,
        "by": actor.label,
    }
