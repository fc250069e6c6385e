"""The agent's own signatures: SHA-1 over a shared secret and a text, in upper-case hex. Pure.

They are weak (a secret of the whole fleet, built into the APK) and open no door by themselves; the
path's own secret does. S is that shared secret, P the path's first segment, N the device number.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_plus

_SPACE: Final = re.compile(rb"[ \t\n\v\f\r]")
_POLL: Final = "/rest/notification/polling/"


def digest(text: bytes) -> str:
    """Return H(text): SHA-1 as upper-case hex."""
    return hashlib.sha1(text).hexdigest().upper()  # noqa: S324 - the protocol's own choice


def of_number(secret: str, number: str) -> str:
    """Return the signature of a configuration request: H(S+N)."""
    return digest(f"{secret}{number}".encode())


def of_polls(secret: str, project: str, number: str) -> tuple[str, str]:
    """Return both signatures of a poll: the agent's, and the one with a slash before P."""
    path = f"{project}{_POLL}{quote_plus(number)}"
    return digest(f"{secret}{path}".encode()), digest(f"{secret}/{path}".encode())


def of_legacy(secret: str, project: str, number: str) -> tuple[str, str]:
    """Return both signatures of the older notification path."""
    path = f"{project}/rest/notifications/device/{quote_plus(number)}"
    return digest(f"{secret}{path}".encode()), digest(f"{secret}/{path}".encode())


def of_file(secret: str, name: str) -> str:
    """Return the signature of a download: H(S + what follows `/files/` in the URL)."""
    return digest(f"{secret}{name}".encode())


def of_data(secret: str, data: bytes) -> str:
    """Return the signature of an answer: H(S + its data without any white space)."""
    return digest(secret.encode() + _SPACE.sub(b"", data))


def matches(given: str, good: Iterable[str]) -> bool:
    """Tell, in constant time for each, whether a signature is one of the good ones in any case."""
    shown = given.upper().encode()
    right = False
    for one in good:
        right |= hmac.compare_digest(shown, one.encode())
    return right
