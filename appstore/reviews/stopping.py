"""Stopping a release in every ring: after an objection, and when nobody looked in time."""

from collections.abc import Sequence

from sqlalchemy import select

from appstore.releases.lookup import find, link
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.reviews.models import ReleaseReview
from appstore.rollouts.audience import refresh
from appstore.rollouts.events import RolloutChanged
from appstore.rollouts.models import Rollout
from muster.kernel import notices
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def stop(uow: UnitOfWork, actor: Actor, release: Release, reason: str) -> Sequence[Rollout]:
    """Halt a release in every ring; the caller has decided that `actor` may."""
    query = select(Rollout).where(Rollout.release_id == release.id, Rollout.state == "rolling")
    rolling = uow.session.scalars(query.order_by(Rollout.id)).all()
    for rollout in rolling:
        rollout.state = "halted"
    if release.state == "rolling":
        move(uow, actor, release, "halted", reason)
    uow.session.flush()
    if rolling:
        refresh(uow, release.id)
    for rollout in rolling:
        uow.emit(
            RolloutChanged(
                rollout_id=rollout.id,
                release_id=release.id,
                group_id=rollout.group_id,
                percent=rollout.percent,
                state=rollout.state,
            )
        )
    return rolling


def lapse(uow: UnitOfWork, actor: Actor, review: ReleaseReview) -> None:
    """Stop a release whose review is overdue, and tell the approvers and the auditors."""
    release = find(uow, review.release_id, lock=True)
    review.lapsed_at = uow.now()
    stop(uow, actor, release, "its review is overdue")
    tell_those_concerned(uow, release, "app.release_review_overdue", release.urgent_reason)


def tell_those_concerned(uow: UnitOfWork, release: Release, kind: str, reason: str) -> None:
    """Leave a notice for the approvers of the unit, for the auditors and for the submitter."""
    told = {"package": release.package, "version": release.version_name, "why": reason}
    for role, unit_id in (("approver", release.unit_id), ("auditor", None)):
        notices.send(
            uow,
            kind,
            role=role,
            unit_id=unit_id,
            subject_key=str(release.id),
            params=told,
            link=link(release),
        )
    notices.send(
        uow,
        kind,
        officer_id=release.submitted_by,
        subject_key=str(release.id),
        params=told,
        link=link(release),
    )
