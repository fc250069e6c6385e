"""One's own inbox, guarded: what the console's page of notices is made of."""

from typing import Final
from uuid import UUID

from muster.kernel import guard
from muster.kernel.identity.actor import Actor
from muster.kernel.notices import service
from muster.kernel.notices.models import Notice
from muster.kernel.uow import UnitOfWork

READ: Final = "notices.read_own"


def listing(uow: UnitOfWork, actor: Actor, after: UUID | None, limit: int) -> list[Notice]:
    """Return the actor's notices below the id `after`, newest first, and one more than `limit`."""
    guard.require(uow, actor, READ, guard.FORCE)
    return service.inbox(uow, actor, after, limit + 1)


def mark_read(uow: UnitOfWork, actor: Actor, notice_id: UUID) -> Notice:
    """Note that the actor has read a notice; raises `NoticeNotFound` for one not theirs."""
    guard.require(uow, actor, READ, guard.FORCE)
    return service.mark_read(uow, actor, notice_id)


def unread(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many are unread, at most 100: the number beside a menu entry, not on record."""
    return service.unread(uow, actor) if guard.may(uow, actor, READ, guard.FORCE) else 0
