"""The chunks and string pools that binary XML and resource tables share.

Layout: Android `ResourceTypes.h`, ResChunk_header and ResStringPool_header; all little-endian.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .cursor import unpack
from .errors import ApkError

STRING_POOL = 0x0001

_HEADER = struct.Struct("<HHI")
_POOL = struct.Struct("<IIIII")
_OFFSET = struct.Struct("<I")
_UTF8_FLAG = 0x0100
_MAX_STRING = 32_767
_MAX_DECODED = 8 << 20
_CODE = "resources_corrupt"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: `start` and `end` bound it in its file, `body` follows its header."""

    kind: int
    start: int
    body: int
    end: int


def read_chunk(data: bytes, offset: int, end: int) -> Chunk:
    """The chunk at `offset`, which must lie wholly before `end`."""
    kind, header_size, size = unpack(_HEADER, data, offset, _CODE)
    if not _HEADER.size <= header_size <= size or offset + size > min(end, len(data)):
        raise ApkError(_CODE, f"The resource chunk at byte {offset} has an impossible size.")
    return Chunk(kind, offset, offset + header_size, offset + size)


def chunks(data: bytes, offset: int, end: int, limit: int) -> Iterator[Chunk]:
    """The chunks that fill `offset` to `end`, at most `limit` of them."""
    for _ in range(limit):
        if offset >= end:
            return
        chunk = read_chunk(data, offset, end)
        yield chunk
        offset = chunk.end
    if offset < end:
        raise ApkError("resources_too_complex", f"There are more than {limit} resource chunks.")


class StringPool:
    """Strings by index, decoded when asked for; what it decodes in total is bounded."""

    def __init__(self, data: bytes, chunk: Chunk) -> None:
        self._data = data
        self._chunk = chunk
        self._count, _, flags, strings, _ = unpack(_POOL, data, chunk.start + 8, _CODE)
        self._utf8 = bool(flags & _UTF8_FLAG)
        self._strings = chunk.start + strings
        self._decoded: dict[int, str] = {}
        self._budget = _MAX_DECODED
        if chunk.body + _OFFSET.size * self._count > chunk.end or self._strings > chunk.end:
            raise ApkError(_CODE, f"A string pool cannot hold the {self._count} strings it counts.")

    def __getitem__(self, index: int) -> str:
        if index not in self._decoded:
            self._decoded[index] = self._decode(index)
        return self._decoded[index]

    def _decode(self, index: int) -> str:
        if index >= self._count:
            raise ApkError(_CODE, f"String {index} of {self._count} is asked for.")
        (offset,) = unpack(_OFFSET, self._data, self._chunk.body + _OFFSET.size * index, _CODE)
        start, size = self._span(self._strings + offset)
        self._budget -= size
        if size > 4 * _MAX_STRING or self._budget < 0:
            raise ApkError("resources_too_complex", "The resource strings are too long.")
        if start + size > self._chunk.end:
            raise ApkError(_CODE, f"String {index} reaches past its pool.")
        # Android's modified UTF-8 may hold lone surrogates; they are shown as replacements.
        return self._data[start : start + size].decode(
            "utf-8" if self._utf8 else "utf-16-le", "replace"
        )

    def _span(self, position: int) -> tuple[int, int]:
        """Where a string's bytes start and how many there are."""
        if not self._utf8:
            characters, position = self._length(position, 2)
            return position, 2 * characters
        _, position = self._length(position, 1)  # length in UTF-16 units, of no use here
        size, position = self._length(position, 1)
        return position, size

    def _length(self, position: int, unit: int) -> tuple[int, int]:
        """A length of one or two units; the top bit of the first says which."""
        high_bit = 1 << (8 * unit - 1)
        first = self._unit(position, unit)
        if not first & high_bit:
            return first, position + unit
        low = self._unit(position + unit, unit)
        return (first & (high_bit - 1)) << (8 * unit) | low, position + 2 * unit

    def _unit(self, position: int, unit: int) -> int:
        if position + unit > self._chunk.end:
            raise ApkError(_CODE, "A string reaches past its pool.")
        return int.from_bytes(self._data[position : position + unit], "little")
