"""Four eyes: requests that wait for a second person, who decides on today's facts.

A feature calls `ask` instead of acting, declares `<action>.approve` beside `<action>`, and
answers the `EXECUTORS` port with what carries the act out. Start with `service.py`.
"""

from muster.kernel.approvals.models import Approval
from muster.kernel.approvals.ports import EXECUTORS, Executor
from muster.kernel.approvals.service import (
    approve,
    ask,
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
    "approve",
    "ask",
    "expire",
    "listing",
    "open_for",
    "read",
    "refuse",
    "waiting",
    "withdraw",
]
