"""Identifiers: UUIDv7 (RFC 9562 §5.7), so that keys sort by the time they were made."""

import os
import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Return a UUIDv7 whose order is the order of calls within this process.

    48 bits of milliseconds and 12 bits of a fraction that never repeats or goes back (method 3 of
    RFC 9562 §6.2), then 62 random bits.
    """
    global _last  # noqa: PLW0603 - the counter is the process's own
    with _lock:
        ticks = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        _last = ticks
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    milliseconds, fraction = divmod(ticks, 4096)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (fraction << 64) | (2 << 62) | tail)


def token(bits: int = 256) -> str:
    """Return an unguessable, URL-safe secret of at least 128 bits."""
    return secrets.token_urlsafe(bits // 8)
