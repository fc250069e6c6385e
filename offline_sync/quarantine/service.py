"""Handing in at the deposit door, and letting in what lies there."""

import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from offline_sync.errors import QuarantineClosed, TerminalRequired
from offline_sync.outbox import take_in
from offline_sync.outbox.item import read as read_item
from offline_sync.quarantine.models import QuarantinedItem

KEPT = timedelta(days=30)


def deposit(uow: UnitOfWork, actor: Actor, item: str) -> UUID:
    """Keep an item unread and return its receipt, the same for the same item."""
    decision = guard.require(
        uow, actor, "offline_sync.item.deposit", Target("OutboxItem", "deposit", {"kind": ""})
    )
    if actor.device is None or actor.person is None:
        raise TerminalRequired
    item_id, digest = uuid7(), _digest(uow, item)
    row = {
        "id": item_id,
        "device_id": actor.device.id,
        "officer_id": actor.person.id,
        "unit_id": actor.person.unit_id,
        "digest": digest,
        "sealed": uow.kernel.keys.seal("copies", item.encode(), _place(item_id)),
        "reasons": list(actor.device.reasons),
        "expires_at": uow.now() + KEPT,
        "state": "held",
        "version": 1,
        "note": "",
        "outcome": "",
        "reference": "",
        "created_at": uow.now(),
        "updated_at": uow.now(),
    }
    statement = insert_into(uow.kernel.db, QuarantinedItem).values(row)
    uow.session.execute(statement.on_conflict_do_nothing(index_elements=["device_id", "digest"]))
    receipt = uow.session.execute(
        select(QuarantinedItem.id).where(
            QuarantinedItem.device_id == actor.device.id, QuarantinedItem.digest == digest
        )
    ).scalar_one()
    decision.note(receipt=str(receipt))
    return receipt


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str = "held",
    after: UUID | None = None,
    limit: int = 50,
) -> list[QuarantinedItem]:
    """Return up to `limit + 1` items of the actor's units without content, newest first."""
    guard.require(uow, actor, "offline_sync.quarantine.list", guard.FORCE)
    mine = guard.visible(uow, actor, "offline_sync.quarantine.release", "QuarantinedItem")
    statement = select(QuarantinedItem).where(QuarantinedItem.state == state, mine)
    if after is not None:
        statement = statement.where(QuarantinedItem.id < after)
    newest = statement.order_by(QuarantinedItem.id.desc())
    return list(uow.session.scalars(newest.limit(limit + 1)))


def release(uow: UnitOfWork, actor: Actor, item_id: UUID, note: str) -> QuarantinedItem:
    """Let an item in: it is checked and recorded as if its terminal had handed it in now.

    Raises as the outbox does for an item that cannot be read; then it stays where it is.
    """
    row = uow.session.get(QuarantinedItem, item_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such item in quarantine.")
    target = Target("QuarantinedItem", str(row.id), unit=uow.kernel.people.unit(row.unit_id).path)
    decision = guard.require(uow, actor, "offline_sync.quarantine.release", target)
    if row.state != "held" or row.sealed is None:
        raise QuarantineClosed
    item = uow.kernel.keys.open("copies", row.sealed, _place(row.id)).decode()
    done = take_in(uow, actor, row.device_id, read_item(item))
    row.state, row.sealed, row.note = "released", None, note
    row.released_by, row.released_at = actor.id, uow.now()
    row.outcome, row.reference = done.status, done.reference
    decision.note(
        reason=note, status=done.status, author=str(done.author), device=str(row.device_id)
    )
    uow.session.flush()
    return row


def expire(uow: UnitOfWork) -> None:
    """Erase what nobody let in within 30 days."""
    late = QuarantinedItem.expires_at <= uow.now()
    uow.session.execute(
        update(QuarantinedItem)
        .where(QuarantinedItem.state == "held", late)
        .values(state="expired", sealed=None)
        .execution_options(synchronize_session=False)
    )


def _digest(uow: UnitOfWork, item: str) -> str:
    _, secret = uow.kernel.keys.secret("checkpoint")
    return hmac.digest(secret, b"muster.sync.deposit.v1\n" + item.encode(), "sha256").hex()


def _place(item_id: UUID) -> bytes:
    return f"sync_quarantine\n{item_id}".encode()
