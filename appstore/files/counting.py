"""Who began to fetch a version, and how often: one row for each terminal or officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from appstore.files.models import FileFetch, FileVersion
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into


@dataclass(frozen=True)
class Fetched:
    """How many terminals and officers fetched a version, how often in all, and when last."""

    terminals: int = 0
    officers: int = 0
    times: int = 0
    last_at: datetime | None = None


def count(uow: UnitOfWork, actor: Actor, version: FileVersion) -> None:
    """Note that somebody begins to fetch a version; a terminal counts for whoever holds it."""
    device = actor.device
    row = insert_into(uow.kernel.db, FileFetch).values(
        version_id=version.id,
        holder_id=device.id if device else actor.id,
        holder="terminal" if device else "officer",
        times=1,
        last_at=uow.now(),
    )
    changed = {"times": FileFetch.times + 1, "last_at": row.excluded.last_at}
    key = [FileFetch.version_id, FileFetch.holder_id]
    uow.session.execute(row.on_conflict_do_update(index_elements=key, set_=changed))


def fetched(uow: UnitOfWork, version_ids: Sequence[UUID]) -> dict[UUID, Fetched]:
    """Return the counts of each of these versions that somebody fetched, in one statement."""
    holders = func.count().label("holders")
    query = (
        select(
            FileFetch.version_id,
            FileFetch.holder,
            holders,
            func.sum(FileFetch.times),
            func.max(FileFetch.last_at),
        )
        .where(FileFetch.version_id.in_(version_ids))
        .group_by(FileFetch.version_id, FileFetch.holder)
    )
    found: dict[UUID, Fetched] = {}
    for version_id, holder, number, times, last_at in uow.session.execute(query):
        before = found.get(version_id, Fetched())
        found[version_id] = Fetched(
            before.terminals + (number if holder == "terminal" else 0),
            before.officers + (number if holder == "officer" else 0),
            before.times + int(times),
            max(last_at, before.last_at or last_at),
        )
    return found
