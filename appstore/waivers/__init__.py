"""Waivers: an approver lets one app pass one rule for a while, with a reason, and answers for it.

Start with `service.py`; `active.py` is what the rules are told. A waived block becomes a warning
that names the waiver, so whoever approves the release sees it, and a second approver is asked for.
"""

from appstore.waivers.errors import (
    OwnWaiver,
    WaiverNotFound,
    WaiverOpen,
    WaiverOver,
    WaiverUnfounded,
)
from appstore.waivers.models import Waiver
from appstore.waivers.service import LONGEST, WAIVABLE, grant, grounds, listing, revoke

__all__ = [
    "LONGEST",
    "WAIVABLE",
    "OwnWaiver",
    "Waiver",
    "WaiverNotFound",
    "WaiverOpen",
    "WaiverOver",
    "WaiverUnfounded",
    "grant",
    "grounds",
    "listing",
    "revoke",
]
