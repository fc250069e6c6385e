"""The splits of split sets: what of a release lies beside its base APK."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appstore.releases.models import ReleaseFile
from muster.kernel.uow import UnitOfWork


def splits_of(uow: UnitOfWork, release_ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return `[{name, applies_to, sha256, size}]` of each release that has splits, by name."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    if not release_ids:
        return found
    query = select(ReleaseFile).where(ReleaseFile.release_id.in_(release_ids))
    for row in uow.session.scalars(query.order_by(ReleaseFile.name)):
        split = {
            "name": row.name,
            "applies_to": row.applies_to,
            "sha256": row.sha256,
            "size": row.size,
        }
        found.setdefault(row.release_id, []).append(split)
    return found


def split_among(uow: UnitOfWork, release_ids: Collection[UUID], sha256: str) -> ReleaseFile | None:
    """Return the split of this content if one of these releases has it."""
    if not release_ids:
        return None
    query = select(ReleaseFile).where(
        ReleaseFile.sha256 == sha256, ReleaseFile.release_id.in_(release_ids)
    )
    return uow.session.scalar(query.order_by(ReleaseFile.release_id).limit(1))
