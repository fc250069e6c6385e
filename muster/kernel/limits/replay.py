"""Remembers proofs that were used (DPoP `jti`, RFC 9449 §11.1), until they have expired.

Ask for every proof, after its signature is checked: `if replay.seen(jti, until): refuse`, and
refuse proofs issued before `replay.started`, which may have been used before we remember.
"""

import hashlib
import threading
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

from sqlalchemy import delete

from muster.kernel.clock import Clock
from muster.kernel.db import Database
from muster.kernel.errors import Busy
from muster.kernel.limits.alone import execute_alone
from muster.kernel.limits.models import ReplayRow
from muster.kernel.upsert import insert_into

BOUND = 500_000  # proofs held in memory: 5 minutes of 1,600 requests a second, about 100 MB
SPOKE = 10  # seconds of expiry that are forgotten together
PURGE_EVERY = 500  # proofs between two purges of the shared table, per process


class ReplayCache(Protocol):
    """Where used proofs are kept."""

    @property
    def started(self) -> datetime:
        """Since when proofs are remembered."""

    def seen(self, key: str, until: datetime) -> bool:
        """Return whether the key was shown before; remember it until the moment given."""


class MemoryReplay:
    """The proofs of one process, on a wheel of expiry times; empty after a restart."""

    def __init__(self, clock: Clock, bound: int = BOUND) -> None:
        self.started = clock()
        self._clock = clock
        self._bound = bound
        self._lock = threading.Lock()
        self._keys: set[bytes] = set()
        self._wheel: dict[int, list[bytes]] = {}

    def seen(self, key: str, until: datetime) -> bool:
        """See `ReplayCache.seen`.

        Raises `Busy`: the memory is full; forgetting an unexpired proof would let it be replayed.
        """
        digest = _digest(key)
        with self._lock:
            self._turn(int(self._clock().timestamp()) // SPOKE)
            if digest in self._keys:
                return True
            if len(self._keys) >= self._bound:
                raise Busy(retry_after=SPOKE)
            self._keys.add(digest)
            self._wheel.setdefault(int(until.timestamp()) // SPOKE, []).append(digest)
        return False

    def _turn(self, now: int) -> None:
        for spoke in [spoke for spoke in self._wheel if spoke < now]:
            self._keys.difference_update(self._wheel.pop(spoke))


class SharedReplay:
    """The proofs of all processes on one database; it outlives their restarts."""

    started = datetime.min.replace(tzinfo=UTC)

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._asked = count(1)

    def seen(self, key: str, until: datetime) -> bool:
        """See `ReplayCache.seen`: one insert; the row that is there already is the replay."""
        if next(self._asked) % PURGE_EVERY == 0:
            self._purge()
        added = insert_into(self._db, ReplayRow).values(key=_digest(key), until=until)
        mine = added.on_conflict_do_nothing().returning(ReplayRow.key)
        return not execute_alone(self._db, mine)

    def _purge(self) -> None:
        old = delete(ReplayRow).where(ReplayRow.until < self._clock())
        execute_alone(self._db, old.returning(ReplayRow.key))


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32).digest()
