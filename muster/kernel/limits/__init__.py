"""Limits that protect the doors: request rates, sign-in lock-outs and replayed proofs.

Start at `Limits`, held by the kernel as `kernel.limits`. Rates and replays are kept in memory, or
in shared tables when several processes serve one force; lock-outs are always in the database.
"""

from muster.kernel.limits.errors import LockedOut, TooManyRequests
from muster.kernel.limits.limits import Limits
from muster.kernel.limits.lockout import Lockouts, SubjectLocked
from muster.kernel.limits.models import Lockout, RateRow, ReplayRow
from muster.kernel.limits.rates import MemoryRates, Rates, SharedRates
from muster.kernel.limits.replay import MemoryReplay, ReplayCache, SharedReplay

__all__ = [
    "Limits",
    "LockedOut",
    "Lockout",
    "Lockouts",
    "MemoryRates",
    "MemoryReplay",
    "RateRow",
    "Rates",
    "ReplayCache",
    "ReplayRow",
    "SharedRates",
    "SharedReplay",
    "SubjectLocked",
    "TooManyRequests",
]
