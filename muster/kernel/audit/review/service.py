"""The reviewer's desk: what waits, and what came of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard, notices
from muster.kernel.audit.review.chain import in_chain
from muster.kernel.audit.review.models import ReviewItem
from muster.kernel.errors import Conflict, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.people import actor_for
from muster.kernel.uow import UnitOfWork

STATES: Final = ("open", "explained", "confirmed", "referred")
_NEXT: Final = {
    "open": frozenset({"explained", "confirmed", "referred"}),
    "referred": frozenset({"explained", "confirmed"}),
}


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str = "open",
    after: UUID | None = None,
    limit: int = 50,
) -> list[ReviewItem]:
    """Return up to `limit + 1` items of a state, oldest first, beyond `after`.

    One's own acts, and those of one's own chain of command, are not among them.
    """
    guard.require(uow, actor, "audit.review.list", guard.FORCE).note(state=state)
    shown: list[ReviewItem] = []
    query = select(ReviewItem).where(ReviewItem.state == state).order_by(ReviewItem.id)
    while len(shown) <= limit:
        later = query if after is None else query.where(ReviewItem.id > after)
        rows = list(uow.session.scalars(later.limit(limit + 1)))
        shown += [
            row
            for row in rows
            if guard.may(uow, actor, "audit.review.read", target(uow, actor, row))
        ]
        if len(rows) <= limit:
            break
        after = rows[-1].id
    return shown[: limit + 1]


def read(uow: UnitOfWork, actor: Actor, item_id: UUID) -> ReviewItem:
    """Return one item."""
    item = _find(uow, item_id)
    guard.require(uow, actor, "audit.review.read", target(uow, actor, item)).note(
        entry=str(item.entry_id)
    )
    return item


def decide(uow: UnitOfWork, actor: Actor, item_id: UUID, state: str, note: str) -> ReviewItem:
    """Say what came of it: explained, confirmed (as misuse), or referred to somebody else.

    Raises `Conflict` if it was decided before: only what was referred may be decided again.
    """
    item = _find(uow, item_id, lock=True)
    decision = guard.require(uow, actor, "audit.review.decide", target(uow, actor, item))
    if not 5 <= len(note.strip()) <= 1000:
        raise InvalidInput("Say in a few words how you came to this.")
    if state not in _NEXT.get(item.state, ()):
        raise Conflict(f"This item is {item.state} and cannot become {state}.")
    decision.note(entry=str(item.entry_id), was=item.state, now=state)
    item.state, item.note = state, note.strip()
    item.reviewed_by, item.reviewed_at = actor.id, uow.now()
    if state in ("confirmed", "referred"):
        notices.send(
            uow,
            f"audit.review_{state}",
            role="security_admin",
            subject_key=str(item.id),
            params={"item": str(item.id)},
            link=f"/console/audit/reviews/{item.id}",
        )
    return item


def overdue(uow: UnitOfWork, now: datetime) -> int:
    """Return how many open items are past their day, at most 100."""
    late = select(ReviewItem.id).where(ReviewItem.state == "open", ReviewItem.due_at < now)
    return len(uow.session.scalars(late.limit(100)).all())


def target(uow: UnitOfWork, actor: Actor, item: ReviewItem) -> Target:
    """Return an item as policies see it from where somebody stands."""
    officer = actor_for(uow, item.officer_id).person
    reviewer = actor.person
    related = bool(reviewer and officer and in_chain(reviewer, officer, uow.now()))
    own = item.officer_id == actor.id
    return Target("ReviewItem", str(item.id), {"own": own, "own_chain": related})


def _find(uow: UnitOfWork, item_id: UUID, *, lock: bool = False) -> ReviewItem:
    item = uow.session.get(ReviewItem, item_id, with_for_update=lock or None)
    if item is None:
        raise NotFound("There is no such item.")
    return item
