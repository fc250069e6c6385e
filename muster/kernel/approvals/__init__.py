"""Four eyes: requests that wait for a second person, who decides on today's facts.

A feature calls `ask` instead of acting, declares `<action>.approve` beside `<action>`, and
answers the `EXECUTORS` port with what carries the act out. Start with `service.py`.
"""

from muster.kernel.approvals.leavers import OpenRequests
from muster.kernel.approvals.models import Approval
from muster.kernel.approvals.ports import EXECUTORS, Executor
from muster.kernel.approvals.service import (
    approve,
    ask,
    drop,
    expire,
    listing,
    open_for,
    read,
    refuse,
    waiting,
    withdraw,
)

__all__ = [
    "EXECUTORS",
    "Approval",
    "Executor",
    "OpenRequests",
    "approve",
    "ask",
    "drop",
    "expire",
    "listing",
    "open_for",
    "read",
    "refuse",
    "waiting",
    "withdraw",
]
