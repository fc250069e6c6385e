"""Every address of offline sync."""

from muster.kernel.web import Blueprint
from offline_sync.conflicts.routes import blp as conflicts
from offline_sync.lease.routes import blp as lease
from offline_sync.outbox.routes import blp as outbox
from offline_sync.pull.routes import blp as pull
from offline_sync.push.routes import blp as push
from offline_sync.quarantine.routes import blp as quarantine
from offline_sync.quarantine.routes import door

BLUEPRINTS: tuple[Blueprint, ...] = (pull, push, outbox, lease, door, conflicts, quarantine)
