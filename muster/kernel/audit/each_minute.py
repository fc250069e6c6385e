"""What is written down once a minute instead of each time, so that nobody fills the log."""

import threading
from collections.abc import Hashable
from datetime import datetime


class EachMinute:
    """A register of this process, begun anew each minute; `most` bounds what strangers can fill."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._minute, self._seen = 0, set[Hashable]()

    def first(self, key: Hashable, at: datetime) -> bool:
        """Tell whether a key comes for the first time in the minute of a moment."""
        now = int(at.timestamp() // 60)
        with self._lock:
            if self._minute != now:
                self._minute, self._seen = now, set()
            if key in self._seen or (self._most is not None and len(self._seen) >= self._most):
                return False
            self._seen.add(key)
            return True
