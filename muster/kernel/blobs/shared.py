"""Shared objects: named by the SHA-256 of their content, stored once, readable by range."""

import hashlib
import re

from muster.kernel.blobs.errors import BlobMissing
from muster.kernel.blobs.store import Store
from muster.kernel.blobs.stored import Source, Stored, pieces
from muster.kernel.ids import uuid7

_SHA256 = re.compile(r"[0-9a-f]{64}")


def key_of(sha256: str) -> str:
    """Return where a content lies: sha256/ab/cd/<hash>; `BlobMissing` if it is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def write(store: Store, source: Source) -> Stored:
    """Store a content, hashing while it streams; what is there already is replaced by itself."""
    staged = store.staging.new()
    try:
        digest, size = hashlib.sha256(), 0
        with staged.open("wb") as file:
            for piece in pieces(source):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        key = key_of(digest.hexdigest())
        store.put(key, staged)
    finally:
        staged.unlink(missing_ok=True)
    return Stored(uuid7(), "shared", digest.hexdigest(), size, key)
