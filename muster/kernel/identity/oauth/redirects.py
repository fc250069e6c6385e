"""Where an app may be called back: compared character by character (RFC 9700 §2.1, RFC 8252 §7).

Three kinds: the app's own scheme, which is its package name; an address of its publisher that
Android hands to the app (https); and, for a developer's sandbox, the loopback interface, where the
port is whatever is free.
"""

import re
from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit

LONGEST: Final = 500
_PLAIN = re.compile(r"[!#-;=?-~]+")  # URI characters; neither space, quote nor angle bracket
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]{1,5})?")
_LOOPBACK = ("127.0.0.1",)  # no content policy can name [::1]


def fault(address: str, package: str, *, sandbox: bool) -> str:
    """Return why an app may not be called back there, '' if it may."""
    parts = _split(address)
    if parts is None or parts.fragment or "#" in address:
        return "Give one absolute address without a fragment."
    if parts.scheme == "https":
        plain = bool(_HOST.fullmatch(parts.netloc))
        return "" if plain else "Give the publisher's host in lower case, without a user."
    if parts.scheme == "http":
        if _is_loopback(parts):
            return "" if sandbox else "Only a developer's sandbox is called back on loopback."
        return "http is for a sandbox on 127.0.0.1 only."
    if parts.scheme != package.lower() or "." not in parts.scheme:
        return "An app's own scheme is its package name (RFC 8252 section 7.1)."
    return ""


def matches(registered: str, given: str) -> bool:
    """Whether an address is the registered one; on loopback any port will do (RFC 8252 §7.3)."""
    if registered == given:
        return True
    known, asked = _split(registered), _split(given)
    if known is None or asked is None or not (_is_loopback(known) and _is_loopback(asked)):
        return False
    return (known.hostname, known.path, known.query) == (asked.hostname, asked.path, asked.query)


def with_answer(address: str, **answer: str) -> str:
    """Return the address with the answer's parameters behind its own."""
    added = urlencode({name: value for name, value in answer.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{added}"


def source(address: str) -> str:
    """Return the address as a source of a Content-Security-Policy: its origin, or its scheme."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _split(address: str) -> SplitResult | None:
    if len(address) > LONGEST or not _PLAIN.fullmatch(address) or ";" in address or "'" in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme else None


def _is_loopback(parts: SplitResult) -> bool:
    return (
        parts.scheme == "http"
        and parts.hostname in _LOOPBACK
        and parts.username is None
        and parts.fragment == ""
    )
