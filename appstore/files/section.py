"""The `files` section of a terminal's desired state: what it must fetch and keep."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from appstore.files.models import FileAssignment, FileVersion, StoreFile
from appstore.files.shelf import SHELF
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork


class FilesSection:
    """Answers mdm's `SECTIONS` under the key `files`."""

    def desired(
        self, uow: UnitOfWork, device_ids: Sequence[UUID]
    ) -> dict[UUID, list[dict[str, Any]]]:
        """Return `{slug, version, kind, name, sha256, size, url}` for each file, by slug."""
        query = (
            select(GroupMember.device_id, StoreFile, FileVersion)
            .join(FileAssignment, FileAssignment.group_id == GroupMember.group_id)
            .join(StoreFile, StoreFile.id == FileAssignment.file_id)
            .join(FileVersion, FileVersion.file_id == StoreFile.id)
            .where(
                GroupMember.device_id.in_(device_ids),
                StoreFile.state == "open",
                FileVersion.state == "current",
                or_(FileVersion.expires_at.is_(None), FileVersion.expires_at > uow.now()),
            )
            .order_by(StoreFile.slug)
        )
        found: dict[UUID, dict[str, dict[str, Any]]] = {each: {} for each in device_ids}
        for device_id, file, version in uow.session.execute(query):
            found[device_id][file.slug] = _entry(file, version)
        return {device_id: list(entries.values()) for device_id, entries in found.items()}

    def reported(self, uow: UnitOfWork, device_id: UUID, states: Sequence[dict[str, Any]]) -> None:
        """Pass over what is said of apps: a terminal shows what it has by having fetched it."""


def _entry(file: StoreFile, version: FileVersion) -> dict[str, Any]:
    return {
        "slug": file.slug,
        "version": version.number,
        "kind": file.kind,
        "name": version.original_name,
        "sha256": version.sha256,
        "size": version.size,
        "url": f"{SHELF}/{version.sha256}",
    }
