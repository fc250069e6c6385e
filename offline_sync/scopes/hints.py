"""Tells open streams to pull again: which scopes, never what is in them."""

import json
from collections.abc import Mapping
from uuid import UUID

from muster.kernel.uow import UnitOfWork


def scope_topic(key: str) -> str:
    """Return the bus topic of a scope."""
    return f"scope:{key}"


def officer_topic(officer_id: UUID) -> str:
    """Return the bus topic of what an officer may hold."""
    return f"sync:{officer_id}"


def announce(uow: UnitOfWork, scopes: Mapping[UUID, str]) -> None:
    """After the commit, let whoever listens to these scopes (id: key) pull."""

    def publish() -> None:
        for scope_id, key in scopes.items():
            uow.kernel.bus.publish(scope_topic(key), _resync(str(scope_id)))

    uow.after_commit(publish)


def tell_officer(uow: UnitOfWork, officer_id: UUID) -> None:
    """After the commit, let an officer's terminals ask again what they may hold."""
    uow.after_commit(lambda: uow.kernel.bus.publish(officer_topic(officer_id), _resync()))


def _resync(*scope_ids: str) -> bytes:
    return json.dumps({"event": "RESYNC", "scopes": scope_ids}, separators=(",", ":")).encode()
