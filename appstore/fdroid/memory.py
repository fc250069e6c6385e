"""A bounded memory of a process: what was used last stays, up to a weight in all."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from muster.kernel.db import Database

V = TypeVar("V")


class Memory(Generic[V]):
    """Values of each database by key; `most` bounds the sum of their weights."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._shelves: WeakKeyDictionary[Database, _Shelf[V]] = WeakKeyDictionary()

    def get(self, db: Database, key: Hashable) -> V | None:
        """Return a value if it is still known."""
        with self._lock:
            shelf = self._shelves.get(db)
            return shelf.get(key) if shelf else None

    def put(self, db: Database, key: Hashable, value: V, weight: int = 1) -> V:
        """Keep a value; what was used longest ago makes room for it."""
        with self._lock:
            self._shelves.setdefault(db, _Shelf()).put(key, value, weight, self._most)
        return value


class _Shelf(Generic[V]):
    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable) -> V | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key: Hashable, value: V, weight: int, most: int) -> None:
        self._weight -= self._kept.pop(key, (value, 0))[1]
        self._kept[key] = value, weight
        self._weight += weight
        while self._weight > most and len(self._kept) > 1:
            self._weight -= self._kept.popitem(last=False)[1][1]
