"""Access reviews: each administrative grant of a unit is confirmed or withdrawn, or it lapses.

A unit's round opens when its last one is `access_review_days` old (AC-2(j), AC-6(7)); whoever
answers for the unit has `access_review_grace_days` to go through it. The last holder of one of the
three administrations does not lapse: the installation would be nobody's.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import exists, func, select

from muster.kernel import guard, notices
from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity import rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.delegations.target import role_target
from muster.kernel.identity.errors import LastAdministrator
from muster.kernel.identity.models import Officer, RoleGrant
from muster.kernel.identity.officers import reason_in_words
from muster.kernel.identity.recorded import by_system
from muster.kernel.identity.reviews.models import AccessReview, AccessReviewItem
from muster.kernel.identity.roles import ADMINISTRATIVE, THREE
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.guard import Target
    from muster.kernel.kernel import Kernel

REMINDED_BEFORE: Final = timedelta(days=3)
_GRANTS = (
    select(RoleGrant)
    .join(Officer, Officer.id == RoleGrant.officer_id)
    .where(
        RoleGrant.role.in_(ADMINISTRATIVE),
        RoleGrant.kind == "standing",
        Officer.state == "active",
    )
)


def waiting(uow: UnitOfWork, actor: Actor, limit: int = 500) -> list[AccessReviewItem]:
    """Return the items of open reviews that the actor may decide, by deadline."""
    guard.require(uow, actor, "identity.review.list", guard.FORCE)
    query = (
        select(AccessReviewItem)
        .join(AccessReview, AccessReview.id == AccessReviewItem.review_id)
        .where(AccessReview.state == "open", AccessReviewItem.decision == "")
        .order_by(AccessReview.due_at, AccessReviewItem.id)
    )
    found = uow.session.scalars(query.limit(limit))
    return [
        item
        for item in found
        if guard.may(uow, actor, "identity.review.decide", _target(uow, actor, item))
    ]


def deadlines(uow: UnitOfWork, items: list[AccessReviewItem]) -> dict[UUID, AccessReview]:
    """Return the reviews of these items by id; the caller may see them."""
    ids = {item.review_id for item in items}
    rows = uow.session.scalars(select(AccessReview).where(AccessReview.id.in_(ids)))
    return {row.id: row for row in rows}


def decide(
    uow: UnitOfWork, actor: Actor, item_id: UUID, *, confirm: bool, note: str
) -> AccessReviewItem:
    """Confirm a grant for another round, or withdraw it; a withdrawal ends its holder's sessions.

    Raises `Denied` for one's own, `Conflict` once decided, `LastAdministrator`.
    """
    item = uow.session.get(AccessReviewItem, item_id)
    if item is None:
        raise NotFound("There is no such item.")
    decision = guard.require(uow, actor, "identity.review.decide", _target(uow, actor, item))
    decision.note(reason=reason_in_words(note), role=item.role, officer=str(item.officer_id))
    if item.decision:
        raise Conflict("This was decided already.")
    grant = uow.session.get(RoleGrant, item.grant_id)
    if grant is not None and not confirm:
        if item.role in THREE and rights.last_holder(uow, item.role, item.officer_id):
            raise LastAdministrator
        rights.take_grant(uow, grant)
    item.decision = "gone" if grant is None else "confirmed" if confirm else "withdrawn"
    item.decided_by, item.decided_at, item.note = actor.id, uow.now(), note.strip()[:500]
    decision.note(decision=item.decision)
    _close_if_done(uow, uow.session.get_one(AccessReview, item.review_id))
    return item


def run(kernel: "Kernel") -> None:
    """Open what is due, remind, and let lapse what nobody confirmed; one short commit for each."""
    with kernel.reads() as uow:
        due, soon, late = _units_due(uow), _open(uow, REMINDED_BEFORE), _open(uow, timedelta())
    for unit_id in due:
        with kernel.writes() as uow:
            open_round(uow, unit_id)
    for review_id in soon:
        with kernel.writes() as uow:
            _remind(uow, uow.session.get_one(AccessReview, review_id))
    for review_id in late:
        with kernel.writes() as uow:
            _lapse(uow, uow.session.get_one(AccessReview, review_id))


def open_round(uow: UnitOfWork, unit_id: UUID) -> AccessReview | None:
    """Open a unit's review over what is held there now; None if nothing is."""
    grants = uow.session.scalars(_GRANTS.where(RoleGrant.unit_id == unit_id)).all()
    if not grants:
        return None
    days = uow.kernel.settings.access_review_grace_days
    now = uow.now()
    review = AccessReview(unit_id=unit_id, created_at=now, due_at=now + timedelta(days=days))
    uow.session.add(review)
    uow.session.flush()
    uow.session.add_all(
        AccessReviewItem(
            review_id=review.id,
            grant_id=grant.id,
            officer_id=grant.officer_id,
            role=grant.role,
            unit_id=grant.unit_id,
        )
        for grant in grants
    )
    _tell(uow, review, "identity.review.opened")
    return review


def _units_due(uow: UnitOfWork) -> list[UUID]:
    """Return the units whose oldest grant, or last review, is older than a round."""
    before = uow.now() - timedelta(days=uow.kernel.settings.access_review_days)
    reviewed = exists().where(
        AccessReview.unit_id == RoleGrant.unit_id, AccessReview.created_at > before
    )
    open_now = exists().where(
        AccessReview.unit_id == RoleGrant.unit_id, AccessReview.state == "open"
    )
    query = (
        _GRANTS.with_only_columns(RoleGrant.unit_id)
        .where(~reviewed, ~open_now)
        .group_by(RoleGrant.unit_id)
        .having(func.min(RoleGrant.created_at) <= before)
    )
    return list(uow.session.scalars(query))


def _open(uow: UnitOfWork, ahead: timedelta) -> list[UUID]:
    query = select(AccessReview.id).where(
        AccessReview.state == "open", AccessReview.due_at <= uow.now() + ahead
    )
    return list(uow.session.scalars(query))


def _remind(uow: UnitOfWork, review: AccessReview) -> None:
    if review.reminded_at is None:
        review.reminded_at = uow.now()
        _tell(uow, review, "identity.review.due")


def _lapse(uow: UnitOfWork, review: AccessReview) -> None:
    left = select(AccessReviewItem).where(
        AccessReviewItem.review_id == review.id, AccessReviewItem.decision == ""
    )
    for item in uow.session.scalars(left).all():
        grant = uow.session.get(RoleGrant, item.grant_id)
        if grant is None:
            item.decision = "gone"
        elif item.role in THREE and rights.last_holder(uow, item.role, item.officer_id):
            item.decision = "kept_last"
            _say(uow, "identity.review.kept_last", item, role="security_admin")
        else:
            officer = rights.take_grant(uow, grant)
            item.decision = "lapsed"
            _say(uow, "identity.review.lapsed", item, officer_id=item.officer_id)
            by_system(uow, "access review", "identity.role.lapse", officer, role=item.role)
        item.decided_at = uow.now()
    _close_if_done(uow, review)


def _close_if_done(uow: UnitOfWork, review: AccessReview) -> None:
    uow.session.flush()
    left = select(AccessReviewItem.id).where(
        AccessReviewItem.review_id == review.id, AccessReviewItem.decision == ""
    )
    if uow.session.scalar(left.limit(1)) is None:
        review.state, review.closed_at = "closed", uow.now()


def _tell(uow: UnitOfWork, review: AccessReview, kind: str) -> None:
    for role in ("supervisor", "security_admin"):
        notices.send(
            uow,
            kind,
            role=role,
            unit_id=review.unit_id,
            subject_key=str(review.id),
            params={"due": review.due_at.isoformat()},
            link="/console/reviews",
        )


def _say(
    uow: UnitOfWork,
    kind: str,
    item: AccessReviewItem,
    *,
    officer_id: UUID | None = None,
    role: str | None = None,
) -> None:
    notices.send(
        uow,
        kind,
        officer_id=officer_id,
        role=role,
        subject_key=str(item.id),
        params={"role": item.role},
        link="/console/reviews",
    )


def _target(uow: UnitOfWork, actor: Actor, item: AccessReviewItem) -> "Target":
    place = uow.kernel.people.unit(item.unit_id)
    return role_target(
        uow, actor, str(item.grant_id), role=item.role, unit=place, holder=item.officer_id
    )
