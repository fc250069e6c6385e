"""Bytes that are already durable in the store and wait for their row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import UUID

Source = bytes | Path | BinaryIO | Iterable[bytes]
PIECE = 256 * 1024


@dataclass(frozen=True)
class Stored:
    """What `Blobs.record` turns into a row; `object_key` is the sealed object's own key."""

    id: UUID
    kind: Literal["shared", "sealed"]
    sha256: str
    size: int
    store_key: str
    object_key: bytes | None = field(default=None, repr=False)


def pieces(source: Source) -> Iterator[bytes]:
    """Read any source in pieces of at most 256 KiB (an iterable keeps its own pieces)."""
    if isinstance(source, bytes):
        yield from (source[at : at + PIECE] for at in range(0, len(source), PIECE))
    elif isinstance(source, Path):
        with source.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")
    elif hasattr(source, "read"):
        yield from iter(lambda: source.read(PIECE), b"")
    else:
        yield from source
