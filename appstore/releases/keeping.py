"""What of an upload is kept: the base APK, the splits beside it, and the icon.

The bytes are made durable before the transaction that records them, and shared by their content.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from appstore.apk import Icon, Package, Split
from appstore.releases.models import Release, ReleaseFile
from muster.kernel.blobs import Blobs, Stored
from muster.kernel.uow import UnitOfWork

MEDIA_TYPE = "application/vnd.android.package-archive"


@dataclass(frozen=True)
class Kept:
    """Bytes in the store that wait for their rows."""

    base: Stored
    icon: tuple[Icon, Stored] | None
    splits: Sequence[tuple[Split, Stored]]


def keep_bytes(blobs: Blobs, package: Package) -> Kept:
    """Make the bytes of a package durable."""
    icon = package.icon
    return Kept(
        base=blobs.store_shared(package.base),
        icon=(icon, blobs.store_shared(icon.data)) if icon.data else None,
        splits=[(split, blobs.store_shared(split.path)) for split in package.splits],
    )


def record(uow: UnitOfWork, release: Release, kept: Kept) -> None:
    """Name the bytes in the release, which is in the session already."""
    blobs = uow.kernel.blobs
    release.blob_id = blobs.record(uow, kept.base, MEDIA_TYPE).id
    if kept.icon is not None:
        icon, stored = kept.icon
        release.icon_id = blobs.record(uow, stored, icon.media_type).id
    for split, stored in kept.splits:
        file = ReleaseFile(
            release_id=release.id,
            name=split.name,
            applies_to=split.applies_to,
            sha256=stored.sha256,
            size=stored.size,
            blob_id=blobs.record(uow, stored, MEDIA_TYPE).id,
        )
        uow.session.add(file)
