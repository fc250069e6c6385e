"""The one gate: access policies in Cedar, decisions, and their record.

A use case begins with `guard.require(uow, actor, "room.act", target)`, which decides and opens
the audit entry in one call. Features describe themselves in `access.py` (`Fragment`); start
with `fragments.py`, then `decision.py`. `engine.py` holds the parsed policy set.
"""

from muster.kernel.guard.decision import Decision, may, require
from muster.kernel.guard.edition import Edition, Verdict
from muster.kernel.guard.engine import Guard, Source, Stored
from muster.kernel.guard.errors import (
    Denied,
    GuardError,
    PostureNotCompliant,
    PostureStale,
    PurposeNotAllowed,
    PurposeRequired,
    ScopeMissing,
    SecondPersonRequired,
    SecretChangeRequired,
    StepUpRequired,
)
from muster.kernel.guard.filters import visible
from muster.kernel.guard.fragments import (
    FORCE,
    FRAGMENTS,
    SCOPES,
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    Target,
    policies_beside,
)
from muster.kernel.guard.layers import Layered, Own
from muster.kernel.guard.rules import Rule
from muster.kernel.guard.source import Flaw

__all__ = [
    "FORCE",
    "FRAGMENTS",
    "SCOPES",
    "Action",
    "Attribute",
    "Audited",
    "Decision",
    "Denied",
    "Edition",
    "Flaw",
    "Fragment",
    "Guard",
    "GuardError",
    "Layered",
    "Own",
    "PostureNotCompliant",
    "PostureStale",
    "PurposeNotAllowed",
    "PurposeRequired",
    "ResourceType",
    "Rule",
    "ScopeMissing",
    "SecondPersonRequired",
    "SecretChangeRequired",
    "Source",
    "StepUpRequired",
    "Stored",
    "Target",
    "Verdict",
    "may",
    "policies_beside",
    "require",
    "visible",
]
