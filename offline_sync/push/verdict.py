"""What one edit means against today's record: pure, and never by anybody's clock.

States are compared by content. The revision cannot serve: a terminal that edits twice before it
pulls starts the second edit from a state whose revision it has not seen.
"""

import enum
from collections.abc import Mapping
from typing import Any

from offline_sync.ports import Body

_ENGINES_OWN = frozenset({"id", "rev", "_deleted", "_rev", "_meta", "_attachments"})


class Meaning(enum.Enum):
    """What is to be done with an edit."""

    DONE = "it is already so: a lost answer, repeated"
    APPLY = "it starts from today's state"
    CONTESTED = "the record moved on meanwhile"
    REVOKED = "the document may no longer be held"


def content(state: Mapping[str, Any] | None) -> Body | None:
    """Return a state without the engines' own members; None for a deleted document."""
    if state is None or state.get("_deleted") is True:
        return None
    return {name: value for name, value in state.items() if name not in _ENGINES_OWN}


def meaning(
    new: Body | None, assumed: Body | None, current: Body | None, *, withheld: bool
) -> Meaning:
    """Judge one edit by contents; `withheld`: the document lives where the actor may not look."""
    if withheld:
        return Meaning.REVOKED
    if new == current:
        return Meaning.DONE
    return Meaning.APPLY if assumed == current else Meaning.CONTESTED
