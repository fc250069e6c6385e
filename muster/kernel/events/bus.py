"""The bus: "look there" between threads and processes, never content and never the truth.

Whoever misses a message finds the same in the database: subscribers re-read, workers poll.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from muster.kernel.db import Database

log = logging.getLogger(__name__)

Callback = Callable[[str, bytes], None]
LIMIT = 7999  # bytes of topic, separator and message: what one PostgreSQL NOTIFY carries


class Bus(Protocol):
    """Topics are short text (`device:<id>`); messages are references in UTF-8.

    An empty message means "something may have been missed, look again": a bus between processes
    sends it to each subscriber after its line was cut.
    """

    @property
    def deaf_since(self) -> float | None:
        """`time.monotonic()` of the last moment news could arrive; None while it can.

        A stream that cuts revoked terminals off must close itself 3 s after this.
        """

    def publish(self, topic: str, message: bytes) -> None:
        """Tell every subscriber of the topic, in all processes. Never fails for want of a line."""

    def subscribe(self, topics: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Call back `(topic, message)` in some thread; return what ends the subscription."""

    def wake(self) -> None:
        """Tell the workers that there is work."""

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for a wake since this thread's last wait."""

    def close(self) -> None:
        """Give up threads and connections; closing twice is harmless."""


def check_message(topic: str, message: bytes) -> None:
    """Refuse what could not cross between processes, in every engine alike.

    Raises `ValueError`: too long (send a reference, not content), not UTF-8, or a line break in topic.
    """
    if len(topic.encode()) + 1 + len(message) > LIMIT:
        raise ValueError(f"a bus message is a reference under {LIMIT} bytes, not content")
    if not topic or "\n" in topic or b"\0" in message or "\0" in topic:
        raise ValueError("a bus topic is one line of text, and messages hold no NUL")
    message.decode("utf-8")


class Subscriptions:
    """Who listens to which topic in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_topic: dict[str, dict[object, Callback]] = {}

    def add(self, topics: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Register the callback; the returned function removes it again."""
        wanted, mark = frozenset(topics), object()
        with self._lock:
            for topic in wanted:
                self._by_topic.setdefault(topic, {})[mark] = callback

        def remove() -> None:
            with self._lock:
                for topic in wanted:
                    listeners = self._by_topic.get(topic, {})
                    listeners.pop(mark, None)
                    if not listeners:
                        self._by_topic.pop(topic, None)

        return remove

    def tell(self, topic: str, message: bytes) -> None:
        """Call everybody who listens to the topic; one that fails does not stop the others."""
        with self._lock:
            callbacks = list(self._by_topic.get(topic, {}).values())
        for callback in callbacks:
            try:
                callback(topic, message)
            except Exception:  # the publisher must not suffer from a listener
                log.exception("a bus listener of %s failed", topic)

    def tell_all(self) -> None:
        """Send everybody the empty message: look again."""
        with self._lock:
            topics = list(self._by_topic)
        for topic in topics:
            self.tell(topic, b"")


class Waker:
    """Lets every waiting thread notice each wake once, however many threads wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wakes = 0
        self._mine = threading.local()

    def wake(self) -> None:
        """Release all waiting threads, and those that come to wait next."""
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def wait(self, timeout: float) -> bool:
        """Return True at once if woken since this thread's last wait, else wait for it."""
        with self._changed:
            seen: int = getattr(self._mine, "seen", 0)
            woken = self._changed.wait_for(lambda: self._wakes != seen, timeout)
            self._mine.seen = self._wakes
        return woken


class LocalBus:
    """The bus of a server that is one process."""

    deaf_since: float | None = None

    def __init__(self) -> None:
        self._subscriptions = Subscriptions()
        self._waker = Waker()

    def publish(self, topic: str, message: bytes) -> None:
        """Call the topic's subscribers in this thread."""
        check_message(topic, message)
        self._subscriptions.tell(topic, message)

    def subscribe(self, topics: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Call back in the publisher's thread."""
        return self._subscriptions.add(topics, callback)

    def wake(self) -> None:
        """Release this process's workers."""
        self._waker.wake()

    def wait(self, timeout: float) -> bool:
        """Wait for `wake`, up to `timeout` seconds."""
        return self._waker.wait(timeout)

    def close(self) -> None:
        """Release whoever waits; there is nothing else to give up."""
        self._waker.wake()


def bus_for(db: Database) -> Bus:
    """Return the bus that fits the database: LISTEN/NOTIFY on PostgreSQL, else in process."""
    if db.is_sqlite:
        return LocalBus()
    from muster.kernel.events.postgres_bus import PostgresBus  # psycopg takes 9 MB

    return PostgresBus(db)
