"""Turns BER (X.690) into definite lengths and whole octet strings, within hard bounds.

Old SCEP clients send indefinite lengths and octet strings in pieces, which DER readers refuse.
Elements that need no change keep their bytes, so that signatures over them stay valid.
"""

from dataclasses import dataclass
from typing import Final

DEEPEST: Final = 24
MOST_ELEMENTS: Final = 4000
_CONSTRUCTED: Final = 0x20
_OCTETS: Final = 0x04
_SEQUENCE: Final = 0x30
_OID: Final = 0x06
_CONTEXT_0: Final = 0xA0


class BerError(ValueError):
    """The bytes are not BER that we read."""


@dataclass(frozen=True)
class Element:
    """One element: its tag byte, its content or its parts, and whether it is DER as it came."""

    tag: int
    raw: bytes
    content: bytes
    parts: tuple["Element", ...] = ()
    definite: bool = True

    @property
    def settled(self) -> bool:
        """Whether nothing in it has to be written anew."""
        return (
            self.definite
            and self.tag != _OCTETS | _CONSTRUCTED
            and not _is_content_info(self)
            and all(part.settled for part in self.parts)
        )


def normalised(data: bytes) -> bytes:
    """Return the one element in `data` with definite lengths and octet strings in one piece.

    Raises `BerError`: truncated, trailing bytes, deeper than 24, more than 4000 elements.
    """
    reader = _Reader(data)
    element, end = reader.element(0, len(data), 0)
    if end != len(data):
        raise BerError("there are bytes after the end")
    return _written(element)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = 0

    def element(self, at: int, limit: int, depth: int) -> tuple[Element, int]:
        """Return the element at an offset and the offset behind it."""
        self._count += 1
        if depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise BerError("nested too deeply, or too many elements")
        if at + 2 > limit:
            raise BerError("cut short")
        tag = self._data[at]
        if tag & 0x1F == 0x1F:
            raise BerError("a tag of more than one byte has no place here")
        length, start = self._length(at + 1, limit)
        if length is None:
            if not tag & _CONSTRUCTED:
                raise BerError("an indefinite length without parts")
            parts, end = self._until_end(start, limit, depth)
            return Element(tag, self._data[at:end], b"", parts, definite=False), end
        end = start + length
        if end > limit:
            raise BerError("cut short")
        parts = self._within(start, end, depth) if tag & _CONSTRUCTED else ()
        return Element(tag, self._data[at:end], self._data[start:end], parts), end

    def _length(self, at: int, limit: int) -> tuple[int | None, int]:
        first = self._data[at]
        if first < 0x80:
            return first, at + 1
        size = first & 0x7F
        if size == 0:
            return None, at + 1
        if size > 4 or at + 1 + size > limit:
            raise BerError("a length nobody can mean")
        return int.from_bytes(self._data[at + 1 : at + 1 + size]), at + 1 + size

    def _within(self, at: int, end: int, depth: int) -> tuple[Element, ...]:
        parts = []
        while at < end:
            part, at = self.element(at, end, depth + 1)
            parts.append(part)
        return tuple(parts)

    def _until_end(self, at: int, limit: int, depth: int) -> tuple[tuple[Element, ...], int]:
        parts = []
        while self._data[at : at + 2] != b"\0\0" or at + 2 > limit:
            part, at = self.element(at, limit, depth + 1)
            parts.append(part)
        return tuple(parts), at + 2


def _written(element: Element) -> bytes:
    if element.settled:
        return element.raw
    if element.tag == _OCTETS | _CONSTRUCTED:
        return _tlv(_OCTETS, _octets(element))
    if _is_content_info(element):
        kind, algorithm, content = element.parts
        flat = _tlv(_CONTEXT_0 & ~_CONSTRUCTED, _octets(content))
        return _tlv(_SEQUENCE, _written(kind) + _written(algorithm) + flat)
    if not element.tag & _CONSTRUCTED:
        return element.raw
    return _tlv(element.tag, b"".join(_written(part) for part in element.parts))


def _is_content_info(element: Element) -> bool:
    """Tell whether this is an EncryptedContentInfo whose content came in pieces (RFC 5652 §6.1)."""
    return (
        element.tag == _SEQUENCE
        and [part.tag for part in element.parts] == [_OID, _SEQUENCE, _CONTEXT_0]
        and all(part.tag & ~_CONSTRUCTED == _OCTETS for part in element.parts[2].parts)
    )


def _octets(element: Element) -> bytes:
    if not element.parts:
        return element.content
    if any(part.tag & ~_CONSTRUCTED != _OCTETS for part in element.parts):
        raise BerError("an octet string has parts of another kind")
    return b"".join(_octets(part) for part in element.parts)


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content
