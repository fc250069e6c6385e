"""How many approvers a release needs, who has agreed so far, and one more who does.

A sensitive change needs two of them; an urgent security release goes with one and is reviewed after.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select

from appstore.releases.errors import ApprovedTwice
from appstore.releases.models import Release, ReleaseApproval
from appstore.vetting.judge import Judged, sensitive
from muster.kernel.guard import SecondPersonRequired
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

_NEVER_ONES_OWN: Final = "app.releases.never-ones-own"


def needed(release: Release, checks: Iterable[Judged]) -> int:
    """Return how many approvers a release needs, given what the rules say of it."""
    return 2 if sensitive(checks) and not release.urgent else 1


def given(uow: UnitOfWork, release: Release) -> Sequence[ReleaseApproval]:
    """Return who agreed to a release, the first one first."""
    query = select(ReleaseApproval).where(ReleaseApproval.release_id == release.id)
    return uow.session.scalars(query.order_by(ReleaseApproval.at)).all()


def give(uow: UnitOfWork, approver: Actor, release: Release, note: str) -> int:
    """Record that somebody agrees; return how many have by now.

    Raises `SecondPersonRequired` for whoever brought the release, even where another publisher asks
    for it this time, and `ApprovedTwice` for somebody who agreed before.
    """
    if approver.id == release.submitted_by:
        raise SecondPersonRequired(rule=_NEVER_ONES_OWN, action="app.release.publish.approve")
    before = given(uow, release)
    if approver.id in {one.officer_id for one in before}:
        raise ApprovedTwice(given=len(before))
    uow.session.add(
        ReleaseApproval(
            release_id=release.id, officer_id=approver.id, at=uow.now(), note=note.strip()
        )
    )
    uow.session.flush()
    return len(before) + 1
