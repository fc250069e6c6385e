"""The life of a reported fault: open until the publisher answers, then mended or closed. Pure."""

from collections.abc import Mapping
from typing import Final

NEXT: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"answered", "fixed", "closed"}),
    "answered": frozenset({"answered", "fixed", "closed"}),
    "fixed": frozenset(),
    "closed": frozenset(),
}
STANDING: Final = ("open", "answered")
