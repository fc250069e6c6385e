"""What a release waits for and since when: one answer for publishers, pipelines and the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from appstore.releases import consents
from appstore.releases.models import Release, ReleaseApproval
from appstore.reviews import standing
from appstore.reviews.models import ReleaseReview
from appstore.vetting.judge import Judged
from muster.kernel.approvals import Approval
from muster.kernel.uow import UnitOfWork

WaitsFor = Literal["", "scanner", "approver", "submitter", "review", "rollout"]


@dataclass(frozen=True)
class Progress:
    """How far a release is.

    `waits_for`: scanner (the rules run), approver (`len(given)` of `needed` have agreed), submitter
    (the request lapsed or was refused: submit it again), rollout (approved, sent nowhere), review
    (urgent: another approver must look before `due_at`), or '' for nothing.
    """

    waits_for: WaitsFor
    since: datetime | None
    due_at: datetime | None
    needed: int
    given: Sequence[ReleaseApproval]
    review: ReleaseReview | None = None


def progress(uow: UnitOfWork, release: Release, checks: Sequence[Judged]) -> Progress:
    """Return what a release waits for; the caller has been let see it."""
    review = standing.of(uow, release.id) if release.urgent else None
    waits_for, since, due_at = _waits(uow, release, review)
    return Progress(
        waits_for,
        since,
        due_at,
        needed=consents.needed(release, checks),
        given=consents.given(uow, release),
        review=review,
    )


def open_request(uow: UnitOfWork, release: Release) -> Approval | None:
    """Return the request that waits for an approver, if one does."""
    approval = _request(uow, release)
    if approval is None or approval.state != "open" or approval.expires_at <= uow.now():
        return None
    return approval


def _request(uow: UnitOfWork, release: Release) -> Approval | None:
    if release.approval_id is None:
        return None
    return uow.session.scalar(select(Approval).where(Approval.id == release.approval_id))


def _waits(
    uow: UnitOfWork, release: Release, review: ReleaseReview | None
) -> tuple[WaitsFor, datetime | None, datetime | None]:
    if release.state in ("uploaded", "scanning"):
        return "scanner", release.created_at, None
    if release.state == "needs_review":
        asked, waiting = _request(uow, release), open_request(uow, release)
        if waiting is not None:
            return "approver", waiting.created_at, waiting.expires_at
        return "submitter", asked.decided_at or asked.expires_at if asked else None, None
    if review is not None and not review.verdict and release.state not in ("retired", "blocked"):
        return "review", review.created_at, review.due_at
    if release.state == "approved":
        return "rollout", release.updated_at, None
    return "", None, None
