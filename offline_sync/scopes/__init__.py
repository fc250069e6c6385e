"""Scopes: what an officer may hold offline, asked of the guard and recorded as grants.

`held.py` answers for one request; `grants.py` keeps the record; `news.py` keeps it up to date.
"""

from offline_sync.scopes.grants import end, record
from offline_sync.scopes.held import allowed, everything
from offline_sync.scopes.hints import announce, officer_topic, scope_topic, tell_officer
from offline_sync.scopes.models import Scope, ScopeGrant

__all__ = [
    "Scope",
    "ScopeGrant",
    "allowed",
    "announce",
    "end",
    "everything",
    "officer_topic",
    "record",
    "scope_topic",
    "tell_officer",
]
