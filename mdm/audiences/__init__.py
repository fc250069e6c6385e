"""Audiences: the terminals that something is for, wherever they go.

For neighbours that address terminals as the layers of a configuration do, or by a rule of groups.
Start with `audience.py` (what an audience is and whom it holds), then `standing.py` (which audiences
many terminals belong to, in two statements). Nothing here asks the guard.
"""

from mdm.audiences.audience import (
    KINDS,
    Audience,
    AudienceInvalid,
    audience,
    concerned,
    held_by,
    names,
    owner,
    ref_of,
)
from mdm.audiences.standing import Standing, reaches, standings

__all__ = [
    "KINDS",
    "Audience",
    "AudienceInvalid",
    "Standing",
    "audience",
    "concerned",
    "held_by",
    "names",
    "owner",
    "reaches",
    "ref_of",
    "standings",
]
