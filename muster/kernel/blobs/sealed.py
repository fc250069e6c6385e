"""Sealed objects: chunked AES-256-GCM under a key of their own (the STREAM construction).

    version (1 byte) | chunk 0 | chunk 1 | … | last chunk

A chunk is 64 KiB of content (the last one less) and a tag of 16 bytes. Its nonce is its number (11
bytes, big endian) and one byte that says "last": a chunk moved, repeated, dropped or cut does not
open. Nonces never repeat, because each object has a fresh key and is written once. The object's
id is authenticated with each chunk. (Hoang et al., "Online Authenticated Encryption and its
Nonce-Reuse Misuse-Resistance", 2015.)
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from muster.kernel.blobs.errors import BlobDamaged
from muster.kernel.blobs.store import Store
from muster.kernel.blobs.stored import Source, Stored, pieces
from muster.kernel.ids import uuid7

CHUNK = 64 * 1024
TAG = 16
_VERSION = b"\x01"


@dataclass(frozen=True)
class Sealed:
    """A sealed object as its row describes it: `size` counts the plain bytes."""

    id: UUID
    key: str
    size: int
    object_key: bytes = field(repr=False)


def write(store: Store, source: Source) -> Stored:
    """Encrypt a content into the store under a fresh key, hashing the plain bytes on the way."""
    object_id, object_key = uuid7(), os.urandom(32)
    staged = store.staging.new()
    try:
        digest, size = hashlib.sha256(), 0
        cipher = AESGCM(object_key)
        with staged.open("wb") as file:
            file.write(_VERSION)
            for number, (chunk, last) in enumerate(_chunks(pieces(source))):
                digest.update(chunk)
                size += len(chunk)
                file.write(cipher.encrypt(_nonce(number, last), chunk, object_id.bytes))
        key = f"sealed/{object_id.hex[-2:]}/{object_id.hex}"
        store.put(key, staged)
    finally:
        staged.unlink(missing_ok=True)
    return Stored(object_id, "sealed", digest.hexdigest(), size, key, object_key)


def stored_size(size: int) -> int:
    """Return how many bytes an object of `size` plain bytes takes in the store."""
    return len(_VERSION) + size + _count(size) * TAG


def read(
    store: Store, sealed: Sealed, offset: int = 0, length: int | None = None
) -> Iterator[bytes]:
    """Decrypt a range of an object; each chunk is verified before it is handed out.

    `BlobDamaged` is raised at the call for a wrong length, later for a chunk that does not open.
    """
    if store.size(sealed.key) != stored_size(sealed.size):
        raise BlobDamaged
    if b"".join(store.read(sealed.key, 0, len(_VERSION))) != _VERSION:
        raise BlobDamaged
    end = sealed.size if length is None else min(sealed.size, offset + length)
    first = offset // CHUNK
    stream = store.read(sealed.key, len(_VERSION) + first * (CHUNK + TAG))
    return _open_chunks(sealed, _records(stream), first, offset, end)


def _open_chunks(
    sealed: Sealed, records: Iterator[bytes], first: int, offset: int, end: int
) -> Iterator[bytes]:
    cipher, count = AESGCM(sealed.object_key), _count(sealed.size)
    for number in range(first, count):
        at = number * CHUNK
        if at >= end > 0 or offset >= end > 0:
            return
        try:
            record = next(records, b"")
            chunk = cipher.decrypt(_nonce(number, number == count - 1), record, sealed.id.bytes)
        except InvalidTag:
            raise BlobDamaged from None
        yield chunk[max(0, offset - at) : end - at]


def _records(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Cut stored bytes into sealed chunks; the last one is what remains."""
    held = bytearray()
    for piece in stream:
        held += piece
        while len(held) >= CHUNK + TAG:
            yield bytes(held[: CHUNK + TAG])
            del held[: CHUNK + TAG]
    if held:
        yield bytes(held)


def _chunks(stream: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Cut a content into chunks, each with whether it is the last; an empty one has one chunk."""
    held = bytearray()
    for piece in stream:
        held += piece
        while len(held) > CHUNK:  # a full chunk is not known to be the last until more comes
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True


def _count(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
