"""Conflict copies: refused, conflicting and revoked work is kept first, then answered.

`keep` is for push and outbox; supervisors list, read and resolve (`service.py`).
"""

from offline_sync.conflicts.keep import keep
from offline_sync.conflicts.models import ConflictCopy, Kept
from offline_sync.conflicts.service import Opened, listing, read, resolve

__all__ = ["ConflictCopy", "Kept", "Opened", "keep", "listing", "read", "resolve"]
