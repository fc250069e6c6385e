"""What text of a listing may hold: what every reader shows alike, and no more. Pure."""

import re
import unicodedata
from typing import Final

_TAG: Final = re.compile(r"<[A-Za-z/!]")
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def fault(text: str, *, lines: bool = False) -> str:
    """Return why this is no plain text, '' if it is; line breaks count only with `lines`."""
    if _TAG.search(text):
        return "Plain text only: this looks like HTML."
    if any(_controls(sign) for sign in text if not (lines and sign == "\n")):
        return "Control characters are not text."
    return ""


def _controls(sign: str) -> bool:
    """Whether a character steers the reader's screen; those that turn the direction do as well."""
    return unicodedata.category(sign) == "Cc" or sign in _TURNING
