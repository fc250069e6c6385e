"""The record of who may hold which scope: opened and ended as the guard's answers change."""

from collections.abc import Set as AbstractSet
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from muster.kernel.uow import UnitOfWork
from offline_sync.scopes.models import ScopeGrant

Subject = Literal["officer", "terminal"]


def record(
    uow: UnitOfWork, kind: Subject, subject_id: UUID, keys: AbstractSet[str], reason: str
) -> bool:
    """Make a subject's open grants exactly these scopes; return whether anything changed."""
    held = {grant.scope: grant for grant in _open(uow, kind, subject_id)}
    for scope in held.keys() - keys:
        _close(uow, held[scope], reason)
    fresh = sorted(keys - held.keys())
    uow.session.add_all(
        ScopeGrant(
            scope=scope,
            subject_kind=kind,
            subject_id=subject_id,
            valid_from=uow.now(),
            reason=reason,
        )
        for scope in fresh
    )
    return bool(fresh) or held.keys() != keys


def end(uow: UnitOfWork, kind: Subject, subject_id: UUID, reason: str) -> bool:
    """End every open grant of a subject; return whether there was one."""
    grants = _open(uow, kind, subject_id)
    for grant in grants:
        _close(uow, grant, reason)
    return bool(grants)


def holders(uow: UnitOfWork) -> list[UUID]:
    """Return the officers who hold anything."""
    officers = select(ScopeGrant.subject_id).where(
        ScopeGrant.subject_kind == "officer", ScopeGrant.valid_until.is_(None)
    )
    return list(uow.session.scalars(officers.distinct()))


def _open(uow: UnitOfWork, kind: Subject, subject_id: UUID) -> list[ScopeGrant]:
    return list(
        uow.session.scalars(
            select(ScopeGrant).where(
                ScopeGrant.subject_kind == kind,
                ScopeGrant.subject_id == subject_id,
                ScopeGrant.valid_until.is_(None),
            )
        )
    )


def _close(uow: UnitOfWork, grant: ScopeGrant, reason: str) -> None:
    grant.valid_until, grant.end_reason = uow.now(), reason
