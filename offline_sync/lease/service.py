"""Gives a terminal its lease: what it may hold offline, never longer than its posture carries."""

from datetime import datetime, timedelta
from typing import Any

from muster.kernel import guard
from muster.kernel.clock import rfc3339
from muster.kernel.identity import Actor, Terminal
from muster.kernel.uow import UnitOfWork
from muster.ondevice import content_hash, manifest
from offline_sync.errors import TerminalRequired
from offline_sync.scopes import everything, record

LONGEST = timedelta(hours=12)
KIND = "lease"


def take(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the sealed lease (`ondevice.manifest`, kind `lease`) and record its scopes as grants.

    `{officer, collections: {name: [scope key]}}` under `expires`; when it has ended, the app locks
    its store and erases nothing that is unsent. Raises `TerminalRequired`.
    """
    decision = guard.require(uow, actor, "offline_sync.lease.take", guard.FORCE)
    if actor.device is None or actor.person is None:
        raise TerminalRequired
    held = everything(uow, actor)
    keys = frozenset[str]().union(*held.values())
    record(uow, "officer", actor.person.id, keys, "lease")
    record(uow, "terminal", actor.device.id, keys, "lease")
    until = _until(uow, actor.device)
    decision.note(scopes=len(keys), until=rfc3339(until))
    content = {
        "officer": str(actor.person.id),
        "collections": {name: sorted(scopes) for name, scopes in sorted(held.items())},
    }
    lease = {
        "kind": KIND,
        "id": str(actor.device.id),
        "version": content_hash(content),
        "files": [],
        "issued": rfc3339(uow.now()),
        "expires": rfc3339(until),
        **content,
    }
    key = uow.kernel.keys.signer("manifest")
    return manifest.seal(lease, key.sign, key.kid, key.algorithm)


def _until(uow: UnitOfWork, device: Terminal) -> datetime:
    """Return the end: 12 hours from now, or when the last proof of posture is worth nothing."""
    latest = uow.now() + LONGEST
    if device.posture_at is None:
        return uow.now()
    dead = device.posture_at + timedelta(hours=uow.kernel.settings.posture_dead_hours)
    return min(latest, dead)
