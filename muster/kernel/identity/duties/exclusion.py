"""Which roles exclude each other (NIST SP 800-53 AC-5): pure decisions, asked at every grant.

The same rules stand in `identity/access.cedar`, so that somebody who holds both all the same,
by whatever way, can do nothing with either.
"""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Final

from muster.kernel.identity.roles import THREE

READS_RECORDS: Final = frozenset({"officer", "supervisor"})
"""Roles that read records or checks, which who administers terminals never does."""


def clashes(roles: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs among roles held by one person that must not meet in one hand."""
    held = set(roles)
    yield from combinations([role for role in THREE if role in held], 2)
    if "device_admin" in held:
        yield from (("device_admin", role) for role in sorted(READS_RECORDS & held))
    if "auditor" in held:
        yield from (("auditor", role) for role in sorted(held - set(THREE)))


def sentence(roles: Collection[str]) -> str:
    """Say what clashes and what to do; empty if nothing does."""
    pairs = [f"{one} and {other}" for one, other in clashes(roles)]
    if not pairs:
        return ""
    return f"Nobody holds {', nor '.join(pairs)}: give them to different people."
