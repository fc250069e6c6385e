"""The change feed. `touch` queues a change on the unit of work; `finish` writes it last of all."""

from offline_sync.feed.epoch import renew_epoch
from offline_sync.feed.finish import finish
from offline_sync.feed.models import Change, Doc, DocScope, Epoch
from offline_sync.feed.touch import touch

__all__ = ["Change", "Doc", "DocScope", "Epoch", "finish", "renew_epoch", "touch"]
