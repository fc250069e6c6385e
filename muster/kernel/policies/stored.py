"""What the guard holds, as the database says it; and where counts of a shadow are kept."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from muster.kernel.clock import now
from muster.kernel.db import Database, Mode
from muster.kernel.guard import Own, Stored
from muster.kernel.guard.shadow import Counted, Difference
from muster.kernel.identity.models import Epoch
from muster.kernel.ids import uuid7
from muster.kernel.policies.models import AccessPolicySet, Publication, ShadowDifference
from muster.kernel.upsert import insert_into
from muster.ondevice.canonical import content_hash

EPOCH = "policies"
MOST_DIFFERENCES = 5000
_TOTAL = "total"
_SET = select(
    AccessPolicySet.number, AccessPolicySet.text, AccessPolicySet.off, Publication.kind
).join(Publication, Publication.set_id == AccessPolicySet.id)


class Book:
    """The guard's window on the tables of this room."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def load(self) -> Stored:
        """Return what is in force and what runs beside it, as of one epoch."""
        newest = _SET.order_by(Publication.epoch.desc()).limit(1)
        with self._db.connect() as connection:
            epoch = connection.scalar(select(Epoch.value).where(Epoch.name == EPOCH)) or 0
            if not epoch:  # nothing was ever published
                return Stored()
            until = newest.where(Publication.epoch <= epoch)
            active = connection.execute(until.where(Publication.kind == "active")).first()
            last = connection.execute(until).first()
        shadow = last if last is not None and last.kind == "shadow" else None
        return Stored(epoch, _own(active), None if shadow is None else _own(shadow))

    def keep(self, number: int, counted: Counted) -> None:
        """Add what one process counted to what is known of the set in shadow."""
        with self._db.session(Mode.WRITES) as session:
            connection = session.connection()
            set_id = connection.scalar(
                select(AccessPolicySet.id).where(AccessPolicySet.number == number)
            )
            if set_id is None:
                return
            rows = [_row(set_id, key, *value) for key, value in counted.differences.items()]
            self._add(connection, _total(set_id, counted))
            for row in rows:
                known = connection.execute(_more(row))
                if not known.rowcount:
                    self._add(connection, row if _room(connection, set_id) else _others(row))
            session.commit()

    def _add(self, connection: Connection, row: dict[str, Any]) -> None:
        insert = insert_into(self._db, ShadowDifference).values(row)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["set_id", "key"],
                set_={
                    "count": ShadowDifference.count + insert.excluded.count,
                    "missed": ShadowDifference.missed + insert.excluded.missed,
                    "last_at": insert.excluded.last_at,
                },
            )
        )


def _own(row: Any) -> Own:
    return Own() if row is None else Own(row.text, frozenset(row.off), row.number)


def _row(set_id: Any, key: Difference, count: int, last_at: Any) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "set_id": set_id,
        "key": content_hash(
            [key.action, str(key.actor_id), "yes" if key.allowed else "no", *key.rules]
        ),
        "action": key.action,
        "actor_id": key.actor_id,
        "actor_label": key.actor_label[:100],
        "allowed": key.allowed,
        "rules": list(key.rules),
        "count": count,
        "missed": 0,
        "last_at": last_at,
    }


def _others(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row that stands for people beyond the bound."""
    key = content_hash([row["action"], "yes" if row["allowed"] else "no", *row["rules"]])
    return row | {"key": key, "actor_id": None, "actor_label": ""}


def _total(set_id: Any, counted: Counted) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "set_id": set_id,
        "key": _TOTAL,
        "action": "",
        "actor_id": None,
        "actor_label": "",
        "allowed": False,
        "rules": [],
        "count": counted.compared,
        "missed": counted.missed,
        "last_at": now(),
    }


def _more(row: dict[str, Any]) -> Any:
    return (
        update(ShadowDifference)
        .where(ShadowDifference.set_id == row["set_id"], ShadowDifference.key == row["key"])
        .values(count=ShadowDifference.count + row["count"], last_at=row["last_at"])
    )


def _room(connection: Connection, set_id: Any) -> bool:
    query = select(func.count()).where(ShadowDifference.set_id == set_id)
    return (connection.scalar(query) or 0) < MOST_DIFFERENCES
