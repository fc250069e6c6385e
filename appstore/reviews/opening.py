"""Opening the review that an urgent release owes, in the commit that approves it."""

from datetime import timedelta
from typing import Final

from appstore.releases.lookup import link
from appstore.releases.models import Release
from appstore.reviews.models import ReleaseReview
from muster.kernel import notices
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

REVIEWED_WITHIN: Final = timedelta(hours=24)


def open_review(uow: UnitOfWork, approver: Actor, release: Release) -> ReleaseReview:
    """Open it and tell the approvers of the unit; `approver` is the one who let the release out."""
    row = ReleaseReview(release_id=release.id, due_at=uow.now() + REVIEWED_WITHIN)
    uow.session.add(row)
    uow.session.flush()
    notices.send(
        uow,
        "app.release_review_due",
        role="approver",
        unit_id=release.unit_id,
        subject_key=str(release.id),
        params={
            "package": release.package,
            "version": release.version_name,
            "by": approver.label,
            "why": release.urgent_reason,
        },
        link=link(release),
    )
    return row
