"""The lease: a signed list of the scopes a terminal may hold, with an end."""

from offline_sync.lease.service import LONGEST, take

__all__ = ["LONGEST", "take"]
