"""Objects in an S3-compatible bucket, through obstore; a finished put is durable there."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Self

import obstore
from obstore.store import ObjectStore, S3Store

from muster.kernel.blobs.staging import Staging
from muster.kernel.blobs.stored import PIECE

_PARALLEL_PARTS = 2  # of 5 MiB each: what one writer may hold in memory


class Bucket:
    """A store in a bucket. Credentials, region and endpoint are obstore's own AWS_ variables."""

    def __init__(self, store: ObjectStore, staging: Path) -> None:
        self._store = store
        self.staging = Staging(staging)

    @classmethod
    def at(cls, url: str, staging: Path) -> Self:
        """Open s3://bucket/prefix."""
        return cls(S3Store.from_url(url), staging)

    def put(self, key: str, staged: Path) -> None:
        obstore.put(self._store, key, staged, max_concurrency=_PARALLEL_PARTS)
        staged.unlink()

    def read(self, key: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        size = self.size(key)
        end = size if length is None else min(size, offset + length)
        if offset >= end:
            return iter(())
        found = obstore.get(self._store, key, options={"range": (offset, end)})
        return (bytes(piece) for piece in found.stream(min_chunk_size=PIECE))

    def size(self, key: str) -> int:
        return int(obstore.head(self._store, key)["size"])

    def path(self, key: str) -> Path | None:
        self.size(key)
        return None

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return

    def keys(self, prefix: str, older_than: datetime) -> Iterator[str]:
        for page in obstore.list(self._store, prefix):
            for found in page:
                if found["last_modified"] < older_than:
                    yield found["path"]
