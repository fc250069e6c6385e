"""The bus between processes: PostgreSQL LISTEN/NOTIFY on two connections of its own.

One connection listens in a daemon thread and is probed every second, so that a line that died
without a word is noticed; the other publishes. Neither comes from the pool, and neither goes
through pgbouncer in transaction mode (it cannot LISTEN).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from muster.kernel.db import Database
from muster.kernel.events.bus import Callback, Subscriptions, Waker, check_message

log = logging.getLogger(__name__)

CHANNEL = "muster"
WAKE = "wake"  # the workers' own topic
BEAT = 1.0  # seconds between probes of a silent line
DEAF_AFTER = 2.0  # seconds without a probe before the line counts as cut

_ONLY_NEWS = "-c synchronous_commit=off"  # a lost NOTIFY costs a poll interval, a flush costs all
_LINE: dict[str, Any] = {  # libpq: notice a vanished server in seconds, not in 15 minutes
    "application_name": "muster bus",
    "connect_timeout": 3,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 2000,
}


class PostgresBus:
    """News for every process on one database. Opens its lines when first asked for anything."""

    def __init__(self, db: Database) -> None:
        url = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._line = make_conninfo(url, **_LINE)
        self._subscriptions = Subscriptions()
        self._waker = Waker()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._listener: threading.Thread | None = None
        self._publisher: psycopg.Connection[tuple[object, ...]] | None = None
        self._hearing = threading.Event()
        self._heard = time.monotonic()

    @property
    def deaf_since(self) -> float | None:
        """`time.monotonic()` of the last proof that the line worked; None while it does."""
        self._listen()
        heard = self._heard
        fresh = self._hearing.is_set() and time.monotonic() - heard < DEAF_AFTER
        return None if fresh else heard

    def publish(self, topic: str, message: bytes) -> None:
        """Notify all processes; if the database is away, log it: everybody polls as well."""
        check_message(topic, message)
        if self._closed.is_set():
            return
        try:
            self._notify(f"{topic}\n{message.decode('utf-8')}")
        except psycopg.Error as error:
            log.warning("news on %s was not sent: %s", topic, error)

    def subscribe(self, topics: Iterable[str], callback: Callback) -> Callable[[], None]:
        """Call back in the listener's thread; returns once the line is open (or after 3 s)."""
        unsubscribe = self._subscriptions.add(topics, callback)
        if self._listen():
            self._hearing.wait(timeout=3)
        return unsubscribe

    def wake(self) -> None:
        """Release the workers of all processes."""
        self.publish(WAKE, b"")

    def wait(self, timeout: float) -> bool:
        """Wait for `wake` from any process, up to `timeout` seconds."""
        self._listen()
        return self._waker.wait(timeout)

    def close(self) -> None:
        """End the listener and close both lines; nothing is told after that."""
        self._closed.set()
        if self._listener is not None:
            with suppress(psycopg.Error):
                self._notify(f"{WAKE}\n")  # so that the listener notices
        with self._lock:
            listener, publisher = self._listener, self._publisher
            self._publisher = None
        if publisher is not None:
            publisher.close()
        if listener is not None and listener is not threading.current_thread():
            listener.join(timeout=2 * DEAF_AFTER)

    def _connect(self, options: str = "") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self._line, autocommit=True, options=options)

    def _notify(self, payload: str) -> None:
        with self._lock:
            fresh = self._publisher is None or self._publisher.closed
            if self._publisher is None or fresh:
                self._publisher = self._connect(_ONLY_NEWS)
            try:
                self._publisher.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            except psycopg.OperationalError:
                self._publisher.close()
                if fresh:
                    raise
                self._publisher = self._connect(_ONLY_NEWS)  # the server was restarted meanwhile
                self._publisher.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    def _listen(self) -> bool:
        """Start the listener unless it runs; return whether it was started now."""
        with self._lock:
            if self._listener is not None or self._closed.is_set():
                return False
            self._listener = threading.Thread(target=self._run, name="bus", daemon=True)
            self._listener.start()
        return True

    def _run(self) -> None:
        pause, cut = 0.1, False
        while not self._closed.is_set():
            try:
                with self._connect() as line:
                    self._hear(line, cut=cut)
            except psycopg.Error as error:
                log.warning("the news line is cut: %s", error)
            pause = 0.1 if self._hearing.is_set() else min(2 * pause, BEAT)
            self._hearing.clear()
            cut = True
            self._closed.wait(pause)

    def _hear(self, line: "psycopg.Connection[tuple[object, ...]]", *, cut: bool) -> None:
        line.execute(f"LISTEN {CHANNEL}")
        self._heard = time.monotonic()
        self._hearing.set()
        if cut:
            self._waker.wake()
            self._subscriptions.tell_all()
        while not self._closed.is_set():
            for notice in line.notifies(timeout=BEAT):
                self._tell(notice.payload)
                if self._closed.is_set():
                    return
            line.execute("SELECT 1")
            self._heard = time.monotonic()

    def _tell(self, payload: str) -> None:
        topic, _, message = payload.partition("\n")
        if topic == WAKE:
            self._waker.wake()
        else:
            self._subscriptions.tell(topic, message.encode())
