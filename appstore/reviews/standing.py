"""Whether a release may go further: not while its review is overdue, nor once it was objected to."""

from uuid import UUID

from sqlalchemy import select

from appstore.reviews.errors import ReleaseStopped
from appstore.reviews.models import ReleaseReview
from muster.kernel.uow import UnitOfWork


def of(uow: UnitOfWork, release_id: UUID) -> ReleaseReview | None:
    """Return the review of a release, if it owes or owed one."""
    query = select(ReleaseReview).where(ReleaseReview.release_id == release_id)
    return uow.session.scalar(query)


def is_stopped(uow: UnitOfWork, row: ReleaseReview | None) -> bool:
    """Whether a release with this review must reach no further terminal."""
    if row is None or row.verdict == "confirmed":
        return False
    return row.verdict == "objected" or row.due_at <= uow.now()


def refuse_stopped(uow: UnitOfWork, release_id: UUID) -> None:
    """Raise `ReleaseStopped` for a release that must reach no further terminal."""
    row = of(uow, release_id)
    if row is not None and is_stopped(uow, row):
        raise ReleaseStopped(verdict=row.verdict, due_at=row.due_at.isoformat())
