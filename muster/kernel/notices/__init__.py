"""Notices: messages of the server to people, read in the console's inbox.

Start at `send`. A notice names what happened by kind and reference; the console words it in the
reader's language. Every room above may send; admin_ui shows.
"""

from muster.kernel.notices.errors import NoticeNotFound
from muster.kernel.notices.models import Notice
from muster.kernel.notices.service import inbox, mark_read, send, topics, unread

__all__ = [
    "Notice",
    "NoticeNotFound",
    "inbox",
    "mark_read",
    "send",
    "topics",
    "unread",
]
