"""Request rates: a token bucket per key, kept as the one moment when it will be full again.

The generic cell rate algorithm (ITU-T I.371): `limit` tokens at most, refilled evenly over
`per_seconds`; a request takes one, or is told how long until there is one.
"""

import hashlib
import threading
from collections import OrderedDict
from itertools import count
from typing import Protocol

from sqlalchemy import case, delete, select
from sqlalchemy.sql.dml import ReturningDelete

from muster.kernel.clock import Clock
from muster.kernel.db import Database
from muster.kernel.limits.alone import execute_alone
from muster.kernel.limits.models import RateRow
from muster.kernel.upsert import insert_into

BOUND = 100_000  # buckets held in memory
PURGE_EVERY = 500  # requests between two purges of the shared table, per process


class Rates(Protocol):
    """Where the buckets are kept."""

    def take(self, name: str, key: str, limit: int, per_seconds: float) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one."""


class MemoryRates:
    """Buckets of one process. When full, the longest untouched bucket is forgotten."""

    def __init__(self, clock: Clock, bound: int = BOUND) -> None:
        self._clock = clock
        self._bound = bound
        self._lock = threading.Lock()
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, name: str, key: str, limit: int, per_seconds: float) -> float:
        """See `Rates.take`."""
        now = self._clock().timestamp()
        with self._lock:
            before = self._full_at.get((name, key), now)
            after = max(before, now) + per_seconds / limit
            if after > now + per_seconds:
                return after - now - per_seconds
            self._full_at[name, key] = after
            self._full_at.move_to_end((name, key))
            if len(self._full_at) > self._bound:
                self._full_at.popitem(last=False)
        return 0.0


class SharedRates:
    """Buckets of all processes on one database: one statement per request, outside of its work."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._taken = count(1)

    def take(self, name: str, key: str, limit: int, per_seconds: float) -> float:
        """See `Rates.take`."""
        now, step = self._clock().timestamp(), per_seconds / limit
        if next(self._taken) % PURGE_EVERY == 0:
            execute_alone(self._db, _purge(now))
        digest = hashlib.blake2b(f"{name}\0{key}".encode(), digest_size=16).digest()
        old = RateRow.full_at
        after = case((old > now, old), else_=now) + step
        first = insert_into(self._db, RateRow).values(key=digest, full_at=now + step)
        taking = first.on_conflict_do_update(
            index_elements=["key"], set_={"full_at": after}, where=after <= now + per_seconds
        ).returning(old)
        if execute_alone(self._db, taking):
            return 0.0
        rows = execute_alone(self._db, select(old).where(RateRow.key == digest))
        full_at: float = rows[0][0] if rows else now
        return max(0.001, full_at + step - now - per_seconds)


def _purge(now: float) -> ReturningDelete[tuple[float]]:
    return delete(RateRow).where(RateRow.full_at < now).returning(RateRow.full_at)
