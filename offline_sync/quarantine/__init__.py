"""The deposit door: a terminal that is refused may still hand its work in, write-only.

`service.deposit` keeps it sealed for 30 days; a supervisor's `release` records it like any item.
"""

from offline_sync.quarantine.models import QuarantinedItem
from offline_sync.quarantine.service import deposit, expire, listing, release

__all__ = ["QuarantinedItem", "deposit", "expire", "listing", "release"]
