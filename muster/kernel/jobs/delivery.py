"""Hands events to their subscribers: an outbox row becomes one job per subscriber.

The row is marked done in the transaction that makes the jobs, so each (event, subscriber) is
delivered at least once, and a subscriber that fails is tried again without troubling the others.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from muster.kernel.db import Mode
from muster.kernel.events import SUBSCRIBERS, OutboxRow, subscribers_of
from muster.kernel.events.outbox import decode
from muster.kernel.jobs.queue import enqueue_many

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

DELIVER = "kern.event.deliver"
BATCH = 100


def dispatch(kernel: "Kernel") -> int:
    """Turn pending outbox rows into delivery jobs; return how many rows were taken."""
    pending = select(OutboxRow).where(OutboxRow.state == "pending").order_by(OutboxRow.id)
    with kernel.db.session(Mode.READS) as session:
        if session.execute(pending.with_only_columns(OutboxRow.id).limit(1)).first() is None:
            return 0
    with kernel.db.session(Mode.WRITES) as session:
        locked = pending.limit(BATCH).with_for_update(skip_locked=True)
        rows = session.scalars(locked).all()
        payloads = [
            {"subscriber": key, "event": row.name, "body": row.body}
            for row in rows
            for key in subscribers_of(kernel.ports, row.name)
        ]
        enqueue_many(session, DELIVER, payloads, kernel.clock())
        taken = [row.id for row in rows]
        session.execute(update(OutboxRow).where(OutboxRow.id.in_(taken)).values(state="done"))
        session.commit()
    return len(taken)


def deliver(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Run one subscriber with one event in a unit of work of its own."""
    subscriber = kernel.ports.ask(SUBSCRIBERS, payload["subscriber"])
    event = decode(payload["body"], subscriber.event)
    with kernel.writes() as uow:
        subscriber.handle(uow, event)
