"""A document of two parts: a small head of one address, and a tail that many addresses share.

The tail is compressed once. A deflate stream that was flushed whole ends at a byte, so head and tail
compressed apart are one stream (RFC 1951 §3.2.4); gzip and zip only want the sums of the whole.
"""

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_RAW: Final = -15
_GZIP: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # no time, no name: the same each time


@dataclass(frozen=True)
class Tail:
    """The shared end of documents, as it is and as the end of a deflate stream."""

    data: bytes
    deflated: bytes


def tail(data: bytes) -> Tail:
    """Compress the shared end."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _RAW)
    return Tail(data, packer.compress(data) + packer.flush(zlib.Z_FINISH))


@dataclass(frozen=True)
class Spliced:
    """One document."""

    head: bytes
    tail: Tail

    @property
    def data(self) -> bytes:
        """The document."""
        return self.head + self.tail.data

    @property
    def size(self) -> int:
        """Bytes of the document."""
        return len(self.head) + len(self.tail.data)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the document."""
        sum_ = hashlib.sha256(self.head)
        sum_.update(self.tail.data)
        return sum_.digest()

    @cached_property
    def crc32(self) -> int:
        """Sum of the document as zip and gzip want it."""
        return zlib.crc32(self.tail.data, zlib.crc32(self.head))

    @cached_property
    def deflated(self) -> bytes:
        """The document as one raw deflate stream."""
        packer = zlib.compressobj(6, zlib.DEFLATED, _RAW)
        head = packer.compress(self.head) + packer.flush(zlib.Z_FULL_FLUSH)
        return head + self.tail.deflated

    @cached_property
    def gzipped(self) -> bytes:
        """The document as one gzip member (RFC 1952); Android's reader takes no second one."""
        sums = self.crc32.to_bytes(4, "little") + (self.size & 0xFFFFFFFF).to_bytes(4, "little")
        return _GZIP + self.deflated + sums


def whole(data: bytes) -> Spliced:
    """Return a document that shares nothing."""
    return Spliced(b"", tail(data))
