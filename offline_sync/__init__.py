"""Offline sync: which rows a terminal may hold, how it gets them, and how its work comes in.

A generic engine: it knows no business entity and stores no bodies. Owners (`mobile_api`) answer
`COLLECTIONS` and `OUTBOX` in their wiring, call `touch` in the transaction that changes a record,
and keep every body in their own tables. Only upper rows and `muster.server` may import this
package; it stands on `muster.kernel`.

Start with `ports.py` (what an owner answers), then `feed/` (scopes' counters, written last in the
commit), `pull/plan.py` (what a terminal still lacks) and `push/verdict.py` (what its edit means).
"""

from offline_sync.feed import renew_epoch, touch
from offline_sync.ports import (
    COLLECTIONS,
    OUTBOX,
    Applied,
    Body,
    Collection,
    Conflicting,
    OutboxItem,
    OutboxTarget,
    Refused,
    Row,
    Verdict,
)

__all__ = [
    "COLLECTIONS",
    "OUTBOX",
    "Applied",
    "Body",
    "Collection",
    "Conflicting",
    "OutboxItem",
    "OutboxTarget",
    "Refused",
    "Row",
    "Verdict",
    "renew_epoch",
    "touch",
]
