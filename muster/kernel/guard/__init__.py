"""The one gate: access policies in Cedar, decisions, and their record.

A use case begins with `guard.require(uow, actor, "room.act", target)`, which decides and opens
the audit entry in one call. Features describe themselves in `access.py` (`Fragment`); start
with `fragments.py`, then `decision.py`. `engine.py` holds the parsed policy set.
"""

from muster.kernel.guard.decision import Decision, may, require
from muster.kernel.guard.engine import Guard, Verdict
from muster.kernel.guard.errors import (
    Denied,
    GuardError,
    PostureNotCompliant,
    PostureStale,
    PurposeNotAllowed,
    PurposeRequired,
    SecondPersonRequired,
)
from muster.kernel.guard.filters import visible
from muster.kernel.guard.fragments import (
    FORCE,
    FRAGMENTS,
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    Target,
    policies_beside,
)

__all__ = [
    "FORCE",
    "FRAGMENTS",
    "Action",
    "Attribute",
    "Audited",
    "Decision",
    "Denied",
    "Fragment",
    "Guard",
    "GuardError",
    "PostureNotCompliant",
    "PostureStale",
    "PurposeNotAllowed",
    "PurposeRequired",
    "ResourceType",
    "SecondPersonRequired",
    "Target",
    "Verdict",
    "may",
    "policies_beside",
    "require",
    "visible",
]
