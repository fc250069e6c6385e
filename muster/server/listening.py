"""What an open stream hears: hints in a short queue, and gates that are never missed."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Collection
from typing import Final

QUEUE: Final = 100
REMEMBERED: Final = 30.0
"""Seconds, longer than any stream takes to open."""


class Listener:
    """The bus callback of one stream; made in the event loop, called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gates: Collection[str]) -> None:
        self.gates = gates
        self.ended = False
        self._loop = loop
        self._queue = asyncio.Queue[bytes](QUEUE)

    def arrived(self, topic: str, message: bytes) -> None:
        """Take a message of the bus."""
        self._loop.call_soon_threadsafe(self._take, topic, message)

    def _take(self, topic: str, message: bytes) -> None:
        """A reader too slow for a hundred hints loses some: each says the same, come and look."""
        self.ended = self.ended or topic in self.gates
        if not self._queue.full():
            self._queue.put_nowait(message)

    async def next(self, wait: float = 1.0) -> bytes | None:
        """Wait some seconds for a message; None when nothing came."""
        try:
            return await asyncio.wait_for(self._queue.get(), wait)
        except TimeoutError:
            return None


class ShutGates:
    """Gates that were shut a moment ago.

    A stream is decided first and listens afterwards; a terminal lost in between would otherwise
    keep its stream.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: deque[tuple[float, str]] = deque()

    def note(self, gate: str) -> None:
        """Remember that a gate was shut now; an empty name stands for all (news was missed)."""
        now = time.monotonic()
        with self._lock:
            self._shut.append((now, gate))
            while self._shut[0][0] < now - REMEMBERED:
                self._shut.popleft()

    def since(self, moment: float, gates: Collection[str]) -> bool:
        """Tell whether one of the gates was shut since a moment of `time.monotonic()`."""
        with self._lock:
            return any(at >= moment and (not gate or gate in gates) for at, gate in self._shut)
