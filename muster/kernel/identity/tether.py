"""How a terminal stands that came in through another: never better than its parent. Pure.

A wearable or body camera has a parent terminal (`kern_device.parent_id`). The gate row reads both
at once; what counts is the worse state and tier and the older report, whatever the child proved
of itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PARENT_NOT_COMPLIANT: Final = "parent_not_compliant"
COMPLIANT: Final = 2
SERVING: Final = "enrolled"


@dataclass(frozen=True)
class Standing:
    """State, tier and age of the last report, as a request is judged by."""

    state: str
    tier: int
    posture_at: datetime | None


def together(own: Standing, parent: Standing) -> Standing:
    """Return what counts for the child; a state of its own other than `enrolled` goes first."""
    reported = (own.posture_at, parent.posture_at)
    return Standing(
        state=own.state if own.state != SERVING else parent.state,
        tier=min(own.tier, parent.tier if parent.state == SERVING else 0),
        posture_at=None if None in reported else min(at for at in reported if at is not None),
    )


def fails(one: Standing, at: datetime, dead_after: timedelta) -> bool:
    """Whether this alone closes a terminal: out of service, not compliant, or silent for long."""
    return (
        one.state != SERVING
        or one.tier < COMPLIANT
        or one.posture_at is None
        or at - one.posture_at > dead_after
    )
