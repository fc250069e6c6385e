"""What is installed on a terminal, reported whole once and by what changed from then on. Pure.

A delta names the hash of the list it was made against. Where that is not the list held here, the
delta says nothing certain, so nothing of it is taken and the terminal is asked for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from muster.ondevice.canonical import content_hash

MOST: Final = 2000
"""Packages on one terminal."""

Software = Mapping[str, Mapping[str, Any]]
"""By package: `{version_code, version}`."""


@dataclass(frozen=True)
class Taken:
    """The list as it is now; `resync` says that the delta did not fit and all is to be sent."""

    software: dict[str, Any]
    resync: bool = False


def take_full(full: Software) -> Taken:
    """Return the list that a terminal sent whole."""
    return Taken({name: dict(package) for name, package in full.items()})


def take_delta(held: Software, base: str, changed: Software, removed: Sequence[str]) -> Taken:
    """Return the held list with a delta, or ask for all of it; twice the same changes nothing."""
    now = {name: dict(package) for name, package in held.items()}
    if content_hash(now) != base:
        return Taken(now, resync=True)
    after = now | {name: dict(package) for name, package in changed.items()}
    for name in removed:
        after.pop(name, None)
    if len(after) > MOST:
        return Taken(now, resync=True)
    return Taken(after)


def difference(before: Software, after: Software) -> dict[str, Any]:
    """Return what changed, for the history: packages added, removed and updated."""
    return {
        name: packages
        for name, packages in {
            "added": sorted(after.keys() - before.keys()),
            "removed": sorted(before.keys() - after.keys()),
            "updated": sorted(n for n in before.keys() & after.keys() if before[n] != after[n]),
        }.items()
        if packages
    }
