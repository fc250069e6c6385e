"""The address of a page: one form for one page, and nothing a browser could read in two ways. Pure.

RFC 3986 section 6.2: lower-case scheme and host, no default port, no dot segments.
"""

import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

LONGEST: Final = 500
_PLAIN: Final = re.compile(r"[!#-&(-:=?-Z_a-z~\[\]]+")  # URI characters without quotes and ;
_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_DEFAULT: Final = {"https": 443, "http": 80}


class AddressFault(ValueError):
    """Why an address is none; the message is a sentence for people."""


def normal(address: str) -> str:
    """Return the normal form of a page's address; `AddressFault` says what is wrong with it.

    Plain http is normalised as well: the vetting rules say what it means.
    """
    parts = _split(address)
    if parts.scheme not in _DEFAULT:
        raise AddressFault("Give an address that begins with https://.")
    if "@" in parts.netloc:
        raise AddressFault("An address must not name a user or a password.")
    if "#" in address:
        raise AddressFault("Leave out what follows the #.")
    if "//" in parts.path:
        raise AddressFault("The path must not hold // anywhere.")
    path = urlsplit(urljoin("https://a/", parts.path)).path
    return urlunsplit((parts.scheme, _authority(parts), path, parts.query, ""))


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST or not _PLAIN.fullmatch(address):
        raise AddressFault(f"Give an absolute address of at most {LONGEST} URI characters.")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise AddressFault("This is no address.") from error
    return parts


def _authority(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not _HOST.fullmatch(host):
        raise AddressFault("Give the full name of a host; numbers are not names.")
    port = parts.port
    if port == 0:
        raise AddressFault("There is no port 0.")
    return host if port is None or port == _DEFAULT[parts.scheme] else f"{host}:{port}"
