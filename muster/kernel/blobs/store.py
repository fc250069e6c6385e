"""Where bytes lie: a local folder or an S3-compatible bucket, one interface.

A writer fills a staging file on the local disk, then `put` moves it in place; when `put` returns,
the object is durable under its key. Keys are paths of safe characters that we made ourselves.
"""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from muster.kernel.blobs.bucket import Bucket
from muster.kernel.blobs.folder import Folder
from muster.kernel.blobs.staging import Staging
from muster.kernel.settings import SettingsError


class Store(Protocol):
    """Objects by key. An absent key raises `FileNotFoundError` at the call, not while reading."""

    staging: Staging

    def put(self, key: str, staged: Path) -> None:
        """Move a staging file in place, durably; an object of the same key is replaced."""
        ...

    def read(self, key: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Read a range of an object in pieces; what lies beyond its end is left out."""
        ...

    def size(self, key: str) -> int:
        """Return an object's size in bytes."""
        ...

    def path(self, key: str) -> Path | None:
        """Return the object's file, or None if it is not a local file."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object; an absent one is no error."""
        ...

    def keys(self, prefix: str, older_than: datetime) -> Iterator[str]:
        """List the objects under a folder that were written before a moment."""
        ...


def open_store(url: str, staging: Path | None = None) -> Store:
    """Open the store that MUSTER_BLOB_URL names: file:///folder or s3://bucket/prefix.

    `staging` is where objects for a bucket are written first; None takes a new temporary folder.
    """
    scheme, _, place = url.partition("://")
    if scheme == "file" and place.startswith("/"):
        return Folder(Path(place))
    if scheme == "s3" and place:
        return Bucket.at(url, staging or Path(tempfile.mkdtemp(prefix="muster-staging-")))
    raise SettingsError(
        f"MUSTER_BLOB_URL must be file:///an/absolute/folder or s3://bucket/prefix, not {url!r}"
    )
