"""What people do with reviews of urgent releases: see which wait, and judge."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from appstore.releases import consents
from appstore.releases.lookup import find, target
from appstore.releases.models import Release
from appstore.releases.service import withdraw
from appstore.reviews import standing
from appstore.reviews.errors import ReviewClosed, ReviewNotFound
from appstore.reviews.models import ReleaseReview
from appstore.reviews.stopping import stop, tell_those_concerned
from muster.kernel import guard
from muster.kernel.guard import SecondPersonRequired
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

JUDGE: Final = "app.review.judge"
_OTHER_EYES: Final = "app.reviews.other-eyes"
Verdict = Literal["confirmed", "objected"]
Consequence = Literal["halted", "blocked"]


@dataclass(frozen=True)
class Owed:
    """A review and the release that owes it."""

    review: ReleaseReview
    release: Release


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    verdict: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Owed]:
    """Return up to `limit + 1` reviews of a verdict ('' for those that wait), the oldest first."""
    guard.require(uow, actor, "app.review.list", guard.FORCE)
    query = (
        select(ReleaseReview, Release)
        .join(Release, Release.id == ReleaseReview.release_id)
        .where(ReleaseReview.verdict == verdict)
        .order_by(ReleaseReview.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(ReleaseReview.id > after)
    return [Owed(review, release) for review, release in uow.session.execute(query)]


def judge(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    verdict: Verdict,
    note: str,
    consequence: Consequence = "halted",
) -> Owed:
    """Say, as another approver, whether it was right; an objection halts or blocks the release.

    Raises `SecondPersonRequired` for the submitter and for whoever approved it, `ReviewNotFound`,
    `ReviewClosed`. A late confirmation lifts what the clock did: rollouts may be resumed.
    """
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, JUDGE, target(uow, release))
    decision.note(reason=note, verdict=verdict)
    row = standing.of(uow, release_id)
    if row is None:
        raise ReviewNotFound
    if row.verdict:
        raise ReviewClosed(verdict=row.verdict)
    if not free(uow, actor, release):
        raise SecondPersonRequired(rule=_OTHER_EYES, action=JUDGE)
    row.verdict, row.note = verdict, note.strip()
    row.reviewed_by, row.reviewed_at = actor.id, uow.now()
    if verdict == "objected":
        decision.note(consequence=consequence)
        _object(uow, actor, release, note, consequence)
    return Owed(row, release)


def free(uow: UnitOfWork, actor: Actor, release: Release) -> bool:
    """Whether somebody had no part in bringing a release or letting it out."""
    had_a_part = {one.officer_id for one in consents.given(uow, release)}
    return actor.id not in had_a_part | {release.submitted_by}


def _object(
    uow: UnitOfWork, actor: Actor, release: Release, note: str, consequence: Consequence
) -> None:
    stop(uow, actor, release, note)
    if consequence == "blocked" and release.state != "blocked":
        withdraw(uow, actor, release.id, "blocked", note)
    tell_those_concerned(uow, release, "app.release_objected", note)
