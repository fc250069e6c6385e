"""The objects of one server: put, read by range, erased for good."""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from obstore.exceptions import BaseError as StoreError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from muster.kernel.blobs import sealed, shared
from muster.kernel.blobs.errors import BlobDamaged, BlobErased, BlobMissing
from muster.kernel.blobs.models import Blob
from muster.kernel.blobs.store import Store
from muster.kernel.blobs.stored import Source, Stored
from muster.kernel.keys import Keys, SealBrokenError

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

_log = logging.getLogger(__name__)


class Blobs:
    """Shared and sealed objects over one store.

    Large bytes are stored before the transaction (`store_shared`, `store_sealed`, then `record`),
    so that none stays open while they stream; `put_shared` and `put_sealed` do both in one call.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def store_shared(self, source: Source) -> Stored:
        """Make a content durable; it counts once `record` is committed."""
        return shared.write(self._store, source)

    def store_sealed(self, source: Source) -> Stored:
        """Make a content durable, encrypted; without its recorded key nobody can read it."""
        return sealed.write(self._store, source)

    def record(self, uow: "UnitOfWork", stored: Stored, media_type: str) -> Blob:
        """Add the row of stored bytes, or return the row of the same shared content."""
        blob = Blob(
            id=stored.id,
            kind=stored.kind,
            sha256=stored.sha256,
            size=stored.size,
            media_type=media_type,
            store_key=stored.store_key,
            created_at=uow.now(),
        )
        if stored.object_key is not None:
            blob.wrapped_key = self._keys.seal("blob", stored.object_key, _binding(stored.id))
            uow.session.add(blob)
            uow.session.flush()
            return blob
        return self._find_shared(uow, stored.sha256) or self._add_shared(uow, blob)

    def discard(self, stored: Stored) -> None:
        """Forget sealed bytes whose row was not committed; shared ones may have other owners."""
        if stored.kind == "sealed":
            self._store.delete(stored.store_key)

    def put_shared(self, uow: "UnitOfWork", source: Source, media_type: str) -> Blob:
        """Store and record a shared content; the same content twice is one object."""
        return self.record(uow, self.store_shared(source), media_type)

    def put_sealed(self, uow: "UnitOfWork", source: Source, media_type: str) -> Blob:
        """Store and record a sealed content."""
        return self.record(uow, self.store_sealed(source), media_type)

    def get(self, uow: "UnitOfWork", blob_id: UUID) -> Blob:
        """Return the row of an object, or raise `BlobMissing`."""
        blob = uow.session.get(Blob, blob_id)
        if blob is None:
            raise BlobMissing
        return blob

    def open_shared(
        self, sha256: str, offset: int = 0, length: int | None = None
    ) -> Iterator[bytes]:
        """Read a shared content, or a range of it, by its hash; asks the store only."""
        try:
            return self._store.read(shared.key_of(sha256), offset, length)
        except FileNotFoundError:
            raise BlobMissing from None

    def size(self, sha256: str) -> int:
        """Return the size in bytes of a shared content."""
        try:
            return self._store.size(shared.key_of(sha256))
        except FileNotFoundError:
            raise BlobMissing from None

    def path(self, sha256: str) -> Path | None:
        """Return the file of a shared content, or None if the store is not a local folder."""
        try:
            return self._store.path(shared.key_of(sha256))
        except FileNotFoundError:
            raise BlobMissing from None

    def local_key(self, sha256: str) -> str:
        """Return where in the store's local folder a shared content lies, '' if it has none."""
        return shared.key_of(sha256) if self.path(sha256) else ""

    def read_sealed(
        self, uow: "UnitOfWork", blob_id: UUID, offset: int = 0, length: int | None = None
    ) -> Iterator[bytes]:
        """Read a sealed content, or a range of its plain bytes.

        The key is opened at the call, so the stream may outlive the unit of work. Raises
        `BlobMissing`, `BlobErased`, and `BlobDamaged` at the call or while streaming.
        """
        blob = self.get(uow, blob_id)
        if blob.kind != "sealed":
            raise BlobMissing
        if blob.wrapped_key is None:
            raise BlobErased
        try:
            object_key = self._keys.open("blob", blob.wrapped_key, _binding(blob.id))
            described = sealed.Sealed(blob.id, blob.store_key, blob.size, object_key)
            return sealed.read(self._store, described, offset, length)
        except SealBrokenError:
            raise BlobDamaged from None
        except FileNotFoundError:
            raise BlobMissing from None

    def erase(self, uow: "UnitOfWork", blob_id: UUID) -> None:
        """Erase a sealed object: its key with the commit, its bytes right after.

        Once the key is gone, copies of the bytes (backups, replicas) cannot be read either.
        """
        blob = self.get(uow, blob_id)
        if blob.kind != "sealed":
            raise BlobMissing
        if blob.wrapped_key is None:
            return
        blob.wrapped_key, blob.erased_at = None, uow.now()
        uow.after_commit(lambda: self._delete(blob.store_key))

    def sweep(self, uow: "UnitOfWork", older_than: datetime) -> int:
        """Delete sealed bytes that no readable row names, and old staging files.

        Returns how many objects went. `older_than` leaves a grace for transactions under way.
        """
        self._store.staging.tidy(older_than)
        swept = 0
        found = self._store.keys("sealed", older_than)
        while keys := list(islice(found, 500)):
            wanted = set(
                uow.session.scalars(
                    select(Blob.store_key).where(Blob.store_key.in_(keys), Blob.erased_at.is_(None))
                )
            )
            for key in set(keys) - wanted:
                self._store.delete(key)
                swept += 1
        return swept

    def _find_shared(self, uow: "UnitOfWork", sha256: str) -> Blob | None:
        return uow.session.scalars(
            select(Blob).where(Blob.sha256 == sha256, Blob.kind == "shared")
        ).one_or_none()

    def _add_shared(self, uow: "UnitOfWork", blob: Blob) -> Blob:
        sha256 = blob.sha256
        try:
            with uow.session.begin_nested():
                uow.session.add(blob)
        except IntegrityError:
            found = self._find_shared(uow, sha256)  # another transaction was first
            if found is None:
                raise
            return found
        return blob

    def _delete(self, key: str) -> None:
        try:
            self._store.delete(key)
        except (OSError, StoreError):
            _log.exception("an erased object's bytes are still in the store until the next sweep")


def _binding(blob_id: UUID) -> bytes:
    return b"blob:" + blob_id.bytes
