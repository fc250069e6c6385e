"""Access tokens whose signature was checked a moment ago: one serves many requests in five minutes.

Only what never changes is kept: that this very text was signed by that key, and what it says. Its
times, its key's standing and the gate row are asked anew for each request.
"""

import hashlib
import threading
from typing import Any, Final

MOST: Final = 20_000


class VerifiedTokens:
    """Claims by the SHA-256 of the token, the newest `MOST`; a token itself is never kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: dict[bytes, tuple[str, dict[str, Any]]] = {}

    def find(self, token: str) -> tuple[str, dict[str, Any]] | None:
        """Return the id of the key that signed a token, and its claims."""
        return self._claims.get(_digest(token))

    def keep(self, token: str, kid: str, claims: dict[str, Any]) -> None:
        """Remember a token that was verified."""
        with self._lock:
            if len(self._claims) >= MOST:
                del self._claims[next(iter(self._claims))]
            self._claims[_digest(token)] = (kid, claims)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
