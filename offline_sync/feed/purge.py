"""Forgets tombstones after 90 days; a terminal that was away longer begins anew."""

from datetime import timedelta

from sqlalchemy import delete, exists, func, select, update

from muster.kernel.uow import UnitOfWork
from offline_sync.feed.models import Change, Doc
from offline_sync.scopes import Scope

KEPT = timedelta(days=90)


def forget_tombstones(uow: UnitOfWork) -> int:
    """Delete removals older than 90 days, raise their scopes' floors; return how many went."""
    old = (Change.op == "REMOVE", Change.at < uow.now() - KEPT)
    floors = uow.session.execute(
        select(Change.scope_id, func.max(Change.seq)).where(*old).group_by(Change.scope_id)
    ).all()
    gone = 0
    for scope_id, floor in sorted(floors):
        uow.session.execute(update(Scope).where(Scope.id == scope_id).values(floor=floor))
        gone += len(
            uow.session.execute(
                delete(Change)
                .where(Change.scope_id == scope_id, Change.seq <= floor, *old)
                .returning(Change.seq)
            ).all()
        )
    unheard = ~exists().where(Change.collection == Doc.collection, Change.doc_id == Doc.id)
    if gone:
        uow.session.execute(
            delete(Doc).where(Doc.deleted, unheard).execution_options(synchronize_session=False)
        )
    return gone
