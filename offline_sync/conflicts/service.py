"""Supervisors look through kept work, read it, and say what became of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import NotFound, StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync.conflicts.keep import place
from offline_sync.conflicts.models import ConflictCopy
from offline_sync.errors import CopyResolved


@dataclass(frozen=True)
class Opened:
    """A kept copy with its content; None once it is resolved and erased."""

    copy: ConflictCopy
    content: Mapping[str, Any] | None


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str = "open",
    after: UUID | None = None,
    limit: int = 50,
) -> list[ConflictCopy]:
    """Return up to `limit + 1` copies of the actor's units without content, newest first."""
    guard.require(uow, actor, "offline_sync.conflict.list", guard.FORCE)
    mine = guard.visible(uow, actor, "offline_sync.conflict.read", "ConflictCopy")
    statement = select(ConflictCopy).where(ConflictCopy.state == state, mine)
    if after is not None:
        statement = statement.where(ConflictCopy.id < after)
    return list(uow.session.scalars(statement.order_by(ConflictCopy.id.desc()).limit(limit + 1)))


def read(uow: UnitOfWork, actor: Actor, copy_id: UUID) -> Opened:
    """Return one copy with its content."""
    copy = _get(uow, copy_id)
    guard.require(uow, actor, "offline_sync.conflict.read", _target(uow, copy)).note(
        source=copy.source, document=copy.doc_id
    )
    if copy.sealed is None:
        return Opened(copy, None)
    return Opened(copy, json.loads(uow.kernel.keys.open("copies", copy.sealed, place(copy.id))))


def resolve(
    uow: UnitOfWork, actor: Actor, copy_id: UUID, version: int, resolution: str
) -> ConflictCopy:
    """Close a copy with a sentence on what became of it; its content is erased.

    Raises `CopyResolved` if somebody did, `StaleVersion` if it changed since it was read.
    """
    copy = _get(uow, copy_id)
    guard.require(uow, actor, "offline_sync.conflict.resolve", _target(uow, copy)).note(
        reason=resolution, source=copy.source, document=copy.doc_id
    )
    if copy.state != "open":
        raise CopyResolved
    if copy.version != version:
        raise StaleVersion
    copy.state, copy.sealed, copy.resolution = "resolved", None, resolution
    copy.resolved_by, copy.resolved_at = actor.id, uow.now()
    uow.session.flush()
    return copy


def _get(uow: UnitOfWork, copy_id: UUID) -> ConflictCopy:
    copy = uow.session.get(ConflictCopy, copy_id)
    if copy is None:
        raise NotFound("There is no such kept work.")
    return copy


def _target(uow: UnitOfWork, copy: ConflictCopy) -> Target:
    return Target("ConflictCopy", str(copy.id), unit=uow.kernel.people.unit(copy.unit_id).path)
