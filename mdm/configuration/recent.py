"""A bounded memory of a process: what was used last stays."""

import threading
from collections import OrderedDict
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """The values used last, at most `bound`."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._kept: OrderedDict[Any, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> V | None:
        """Return a value if it is still known."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: Any, value: V) -> V:
        """Keep a value, and forget the one that was used longest ago where there are too many."""
        with self._lock:
            self._kept[key] = value
            if len(self._kept) > self._bound:
                self._kept.popitem(last=False)
        return value
