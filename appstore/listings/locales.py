"""Languages of listings: how a tag is written, and which one suits a reader. Pure.

BCP 47: RFC 5646 section 2.1.1 for the case of subtags, RFC 4647 section 3.4 for the choice.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

FIRST: Final = ("zh-Hans", "en")
"""The force's own languages; a reader of neither gets the first of them that there is."""
_TAG: Final = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
_SCRIPT: Final = 4


def canonical(tag: str) -> str:
    """Return a tag in its usual case, '' if it is none: language, script and region only."""
    if not _TAG.fullmatch(tag):
        return ""
    language, *rest = tag.split("-")
    return "-".join(
        (
            language.lower(),
            *(part.title() if len(part) == _SCRIPT else part.upper() for part in rest),
        )
    )


def in_order(tags: Iterable[str]) -> list[str]:
    """Return tags with the force's own languages first."""
    return sorted(tags, key=lambda tag: (FIRST.index(tag) if tag in FIRST else len(FIRST), tag))


def best(wanted: Iterable[str], offered: Collection[str]) -> str:
    """Return the offered tag that suits a reader best, '' if nothing is offered.

    Chinese of any kind reads zh-Hans before another language.
    """
    known = in_order(offered)
    for tag in wanted:
        parts = tag.replace("_", "-").lower().split("-")
        while parts:
            prefix = "-".join(parts)
            found = [one for one in known if f"{one.lower()}-".startswith(f"{prefix}-")]
            if found:
                return found[0]
            parts.pop()
    return known[0] if known else ""
