"""Who may not review whom: oneself, those one commands, and those by whom one is commanded."""

from datetime import datetime
from typing import Final

from muster.kernel.identity.actor import Person

_COMMANDS: Final = frozenset({"supervisor"})


def commands(one: Person, other: Person, at: datetime) -> bool:
    """Say whether somebody holds a post of command over another's unit."""
    over = {post.unit for post in one.posts if post.role in _COMMANDS and post.holds(at)}
    return bool(over & set(other.unit_path.strip("/").split("/")))


def in_chain(reviewer: Person, officer: Person, at: datetime) -> bool:
    """Say whether either commands the other."""
    return commands(reviewer, officer, at) or commands(officer, reviewer, at)
