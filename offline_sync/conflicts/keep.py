"""Puts work that cannot be applied where a supervisor finds it, before anything is answered."""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from offline_sync.conflicts.models import ConflictCopy, Kept
from offline_sync.wire import encode


def keep(
    uow: UnitOfWork,
    author: Actor,
    *,
    source: str,
    doc_id: str,
    content: Mapping[str, Any],
    reason: Kept,
    detail: str,
    base_rev: int | None = None,
    device_id: UUID | None = None,
) -> None:
    """Seal the work as it came. The same work of the same officer is kept once."""
    assert author.person is not None
    copy_id, plain = uuid7(), encode(content)
    device = author.device.id if author.device else device_id
    row = {
        "id": copy_id,
        "source": source,
        "doc_id": doc_id,
        "base_rev": base_rev,
        "sealed": uow.kernel.keys.seal("copies", plain, place(copy_id)),
        "digest": _digest(uow, plain),
        "reason": reason.value,
        "detail": detail[:500],
        "officer_id": author.person.id,
        "device_id": device,
        "unit_id": author.person.unit_id,
        "state": "open",
        "version": 1,
        "resolution": "",
        "created_at": uow.now(),
        "updated_at": uow.now(),
    }
    statement = insert_into(uow.kernel.db, ConflictCopy).values(row)
    once = ["officer_id", "source", "doc_id", "digest"]
    uow.session.execute(statement.on_conflict_do_nothing(index_elements=once))


def place(copy_id: UUID) -> bytes:
    """Return what the seal is bound to."""
    return f"sync_conflict_copy\n{copy_id}".encode()


def _digest(uow: UnitOfWork, plain: bytes) -> str:
    _, secret = uow.kernel.keys.secret("checkpoint")
    return hmac.digest(secret, b"muster.sync.conflict.v1\n" + plain, "sha256").hex()
