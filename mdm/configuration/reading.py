"""What others read out of compiled documents: once per document and process.

A document is named by the hash of its content and never changes, so what was read of it is good for
ever; a fleet has few of them.
"""

import threading
from collections.abc import Callable, Collection
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select

from mdm.configuration.models import Desired
from mdm.configuration.recent import Recent
from muster.kernel.db import Database
from muster.kernel.uow import UnitOfWork

V = TypeVar("V")
MOST: Final = 4096


class Reading(Generic[V]):
    """Answers what `read` makes of a document; one that does not exist reads as empty."""

    def __init__(self, read: Callable[[dict[str, Any]], V], most: int = MOST) -> None:
        self._read, self._most = read, most
        self._lock = threading.Lock()
        self._known: WeakKeyDictionary[Database, Recent[V]] = WeakKeyDictionary()

    def of(self, uow: UnitOfWork, hash_: str) -> V:
        """Return what one document says."""
        return self.of_all(uow, [hash_])[hash_]

    def of_all(self, uow: UnitOfWork, hashes: Collection[str]) -> dict[str, V]:
        """Return what these documents say, in one statement for those that are new here."""
        with self._lock:
            known = self._known.setdefault(uow.kernel.db, Recent(self._most))
        found = {hash_: known.get(hash_) for hash_ in hashes}
        missing = [hash_ for hash_, value in found.items() if hash_ and value is None]
        if missing:
            query = select(Desired.hash, Desired.document).where(Desired.hash.in_(missing))
            for hash_, document in uow.session.execute(query):
                found[hash_] = known.put(hash_, self._read(document))
        return {hash_: self._read({}) if value is None else value for hash_, value in found.items()}
