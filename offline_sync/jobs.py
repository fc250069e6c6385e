"""What sync forgets, once an hour."""

from typing import Any

from muster.kernel.kernel import Kernel
from offline_sync.feed.purge import forget_tombstones
from offline_sync.outbox import forget_answers
from offline_sync.quarantine import expire

PURGE = "offline_sync.purge"


def purge(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Forget tombstones (90 days), sealed answers (72 hours) and quarantine (30 days)."""
    for forget in (forget_tombstones, forget_answers, expire):
        with kernel.writes() as uow:
            forget(uow)
