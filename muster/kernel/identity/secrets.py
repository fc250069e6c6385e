"""Secrets that people choose (argon2id) and secrets we make (SHA-256 is enough for 256 bits).

Argon2id at 19 MiB, two passes and one lane is OWASP's first choice; it costs about 17 ms of a core
and 19 MiB while it runs, so a bounded pool runs it: a burst of sign-ins must not starve the rest.
"""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from muster.kernel.errors import Busy
from muster.kernel.ids import token

CONSOLE_PREFIX: Final = "mcs_"
CREDENTIAL_PREFIX: Final = "mcc_"
REFRESH_PREFIX: Final = "mrt_"
QUEUE = 8  # callers that may wait for each worker, about 150 ms


def secret_hash(secret: str) -> str:
    """Return the stored form of a random secret; 256-bit secrets need no slow hash."""
    return hashlib.sha256(_bytes(secret)).hexdigest()


_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class SecretPool:
    """Hashes and verifies chosen secrets on `workers` threads with a short queue before them."""

    def __init__(self, workers: int) -> None:
        self._hasher = _HASHER
        self._places = threading.BoundedSemaphore(workers * (1 + QUEUE))
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="secret")
        self._nobody = _nobodys()

    def hash(self, secret: str) -> str:
        """Return the argon2id hash in PHC form; raise `Busy` when the queue is full."""
        with self._place():
            return self._threads.submit(self._hasher.hash, _bytes(secret)).result()

    def verify(self, hashed: str | None, secret: str) -> bool:
        """Tell whether the secret is right; None is nobody's hash and costs the same.

        Raises `Busy` (503 with Retry-After) when the queue is full.
        """
        with self._place():
            right = self._threads.submit(self._matches, hashed or self._nobody, secret).result()
        return right and hashed is not None

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()

    def _matches(self, hashed: str, secret: str) -> bool:
        try:
            return self._hasher.verify(hashed, _bytes(secret))
        except (VerificationError, InvalidHashError):
            return False

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy("Too many people are signing in at this moment. Try again in a moment.")
        try:
            yield
        finally:
            self._places.release()


@cache
def _nobodys() -> str:
    """Return a hash that nobody's secret has: to verify against it costs what the right one does."""
    return _HASHER.hash(token())


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")
