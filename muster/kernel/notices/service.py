"""Send a notice, list an inbox, mark as read."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Unit
from muster.kernel.ids import uuid7
from muster.kernel.notices.errors import NoticeNotFound
from muster.kernel.notices.models import Notice

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


def send(
    uow: "UnitOfWork",
    kind: str,
    *,
    officer_id: UUID | None = None,
    role: str | None = None,
    unit_id: UUID | None = None,
    subject_key: str = "",
    params: dict[str, Any] | None = None,
    link: str = "",
) -> Notice:
    """Leave a notice for one officer, or for all who hold `role` over the unit (None: anywhere).

    While a notice of the same kind, addressee and non-empty `subject_key` is unread, that one is
    returned instead: a terminal that fails every hour is one line in the inbox, not a hundred.
    `link` is a path of the console.
    """
    if (officer_id is None) == (role is None):
        raise ValueError("a notice goes either to an officer or to a role")
    notice = Notice(
        id=uuid7(),
        officer_id=officer_id,
        role=role,
        unit_id=unit_id,
        kind=kind,
        subject_key=subject_key,
        params=params or {},
        link=link,
        created_at=uow.now(),
    )
    if subject_key and (waiting := uow.session.scalar(_same(notice))) is not None:
        return waiting
    uow.session.add(notice)
    topic = _topic(officer_id or role)
    uow.after_commit(lambda: uow.kernel.bus.publish(topic, str(notice.id).encode()))
    return notice


def inbox(
    uow: "UnitOfWork", actor: Actor, after: UUID | None = None, limit: int = 50
) -> list[Notice]:
    """Return the actor's notices, newest first, from below the id `after`."""
    query = select(Notice).where(_addressed_to(uow, actor))
    if after is not None:
        query = query.where(Notice.id < after)
    return list(uow.session.scalars(query.order_by(Notice.id.desc()).limit(limit)))


def unread(uow: "UnitOfWork", actor: Actor, most: int = 100) -> int:
    """Return how many notices the actor has not read, counting no further than `most`."""
    mine = select(Notice.id).where(_addressed_to(uow, actor), Notice.read_at.is_(None))
    counted = select(func.count()).select_from(mine.limit(most).subquery())
    return uow.session.scalars(counted).one()


def mark_read(uow: "UnitOfWork", actor: Actor, notice_id: UUID) -> Notice:
    """Note that the actor has read a notice; the first reader's moment stays.

    Raises `NoticeNotFound`: it does not exist or is not addressed to the actor.
    """
    mine = select(Notice).where(Notice.id == notice_id, _addressed_to(uow, actor))
    notice = uow.session.scalar(mine)
    if notice is None:
        raise NoticeNotFound
    if notice.read_at is None:
        notice.read_at = uow.now()
    return notice


def topics(uow: "UnitOfWork", actor: Actor) -> list[str]:
    """Return the bus topics that tell of new notices to the actor; the message is the id.

    A role's topic also tells of notices for other units: read the inbox before showing anything.
    """
    if actor.person is None:
        return []
    roles = {post.role for post in actor.person.posts if post.holds(uow.now())}
    return [_topic(actor.person.id), *map(_topic, sorted(roles))]


def _topic(who: UUID | str | None) -> str:
    return f"notices:{who}"


def _same(notice: Notice) -> Select[Notice]:
    return select(Notice).where(
        Notice.read_at.is_(None),
        Notice.kind == notice.kind,
        Notice.subject_key == notice.subject_key,
        Notice.officer_id.is_not_distinct_from(notice.officer_id),
        Notice.role.is_not_distinct_from(notice.role),
        Notice.unit_id.is_not_distinct_from(notice.unit_id),
    )


def _addressed_to(uow: "UnitOfWork", actor: Actor) -> ColumnElement[bool]:
    """The actor's own notices, and those to a role the actor holds at or above their unit."""
    if actor.person is None:
        return false()
    posts = [post for post in actor.person.posts if post.holds(uow.now())]
    return or_(
        Notice.officer_id == actor.person.id,
        *(and_(Notice.role == post.role, _below(post.unit)) for post in posts),
    )


def _below(code: str) -> ColumnElement[bool]:
    units = select(Unit.id).where(Unit.path.contains(f"/{code}/", autoescape=True))
    return or_(Notice.unit_id.is_(None), Notice.unit_id.in_(units))
