"""How address text is cut into the words of the index, for building and searching alike.

Latin words and numbers stay whole. Chinese and Japanese runs become overlapping pairs of
characters. The names of the home province and city say nothing inside their own book: they are
left out on both sides.
"""

import re
import unicodedata
from collections.abc import Iterable

from muster.ondevice.scripts import UNSPACED

_RUN = re.compile(f"[{UNSPACED}]+|[^\\W_{UNSPACED}]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSPACED_START = re.compile(f"[{UNSPACED}]")


class Tokeniser:
    """Cuts text by one book's home names."""

    def __init__(self, home_names: Iterable[str] = ()) -> None:
        known = sorted({_plain(name).strip() for name in home_names} - {""}, key=len, reverse=True)
        self._home = re.compile("|".join(map(_home_pattern, known))) if known else None

    def runs(self, text: str) -> list[str]:
        """Return the normal form as runs: whole words, numbers and unspaced stretches."""
        plain = _plain(text)
        if self._home:
            plain = self._home.sub(" ", plain)
        return _RUN.findall(plain)


def tokens_of(runs: Iterable[str]) -> list[str]:
    """Return the index words of the runs, each once, in order.

    A single character between numbers (号, 栋, 室) is in nearly every address and is left out,
    unless there is nothing else.
    """
    runs = list(runs)
    found: dict[str, None] = {}
    for run in runs:
        found.update(dict.fromkeys(_pairs(run) if is_unspaced(run) else [run]))
    return list(found) or runs


def is_unspaced(token: str) -> bool:
    """Whether the token belongs to a script without blanks between words."""
    return bool(_UNSPACED_START.match(token))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _plain(text: str) -> str:
    lower = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", lower)))


def _home_pattern(name: str) -> str:
    return re.escape(name) if is_unspaced(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
