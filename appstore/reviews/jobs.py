"""The clock over reviews of urgent releases."""

from typing import Any, Final

from sqlalchemy import select

from appstore.reviews.models import ReleaseReview
from appstore.reviews.stopping import lapse
from muster.kernel import guard
from muster.kernel.identity import system
from muster.kernel.kernel import Kernel

LAPSE: Final = "app.review.lapse"
_AT_ONCE: Final = 50
_CLOCK: Final = system("urgent release clock")


def lapse_overdue(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.review.lapse`: halt what went out urgently and was not reviewed in time."""
    with kernel.writes() as uow:
        late = (
            select(ReleaseReview)
            .where(
                ReleaseReview.verdict == "",
                ReleaseReview.lapsed_at.is_(None),
                ReleaseReview.due_at <= uow.now(),
            )
            .order_by(ReleaseReview.id)
            .limit(_AT_ONCE)
        )
        rows = uow.session.scalars(late).all()
        if not rows:
            return
        decision = guard.require(uow, _CLOCK, LAPSE, guard.FORCE)
        for row in rows:
            lapse(uow, _CLOCK, row)
        decision.note(releases=[str(row.release_id) for row in rows])
