"""The order of tracks: what a promotion leaves out, and when that needs an approver. Pure."""

from collections.abc import Collection
from typing import Final, Literal

TrackName = Literal["internal", "pilot", "production"]
TRACKS: Final[tuple[TrackName, ...]] = ("internal", "pilot", "production")


def skipped(to: str, been: Collection[str]) -> tuple[str, ...]:
    """Return the earlier tracks that a release has not been in, in their order."""
    before = TRACKS[: TRACKS.index(to)] if to in TRACKS else ()
    return tuple(track for track in before if track not in been)


def needs_approver(to: str, been: Collection[str]) -> bool:
    """Whether somebody else must agree: nothing goes to production before it was in the pilot."""
    return to == "production" and "pilot" not in been
