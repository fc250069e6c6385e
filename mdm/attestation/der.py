"""A strict reader for DER (X.690 §10): one spelling per value, no length it does not have.

It never recurses and never copies more than it was given, so hostile input costs what it weighs.
"""

from dataclasses import dataclass
from typing import Final

BOOLEAN, INTEGER, OCTETS, NULL, ENUMERATED, SEQUENCE, SET = 1, 2, 4, 5, 10, 16, 17
_MOST_CHILDREN: Final = 512
_CONTEXT: Final = 2


class DerError(ValueError):
    """These bytes are not the DER that was expected here."""


@dataclass(frozen=True)
class Element:
    """One value: class (0 universal, 2 context), whether it is built of others, tag, content."""

    kind: int
    constructed: bool
    tag: int
    content: bytes


def read(data: bytes) -> Element:
    """Return the one value that these bytes are."""
    element, end = _next(data, 0)
    if end != len(data):
        raise DerError("bytes follow the value")
    return element


def children(element: Element, tag: int = SEQUENCE) -> list[Element]:
    """Return the values inside a SEQUENCE, or inside a SET where `tag` says so."""
    if (element.kind, element.constructed, element.tag) != (0, True, tag):
        raise DerError("a sequence was expected")
    return _all(element.content)


def explicit(element: Element) -> Element:
    """Return the value inside an explicit context tag."""
    if element.kind != _CONTEXT or not element.constructed:
        raise DerError("an explicit tag was expected")
    return read(element.content)


def is_context(element: Element, tag: int) -> bool:
    """Whether this is the context tag of that number."""
    return element.kind == _CONTEXT and element.tag == tag


def integer(element: Element, tag: int = INTEGER) -> int:
    """Return an INTEGER, or an ENUMERATED where `tag` says so."""
    content = _primitive(element, tag)
    if not content or len(content) > 64:
        raise DerError("an integer of 1 to 64 bytes was expected")
    if len(content) > 1 and (content[0], content[1] >> 7) in ((0x00, 0), (0xFF, 1)):
        raise DerError("an integer in its shortest form was expected")
    return int.from_bytes(content, signed=True)


def boolean(element: Element) -> bool:
    """Return a BOOLEAN; DER knows 00 and FF only."""
    content = _primitive(element, BOOLEAN)
    if content not in (b"\x00", b"\xff"):
        raise DerError("a boolean was expected")
    return content == b"\xff"


def octets(element: Element) -> bytes:
    """Return an OCTET STRING."""
    return _primitive(element, OCTETS)


def text(element: Element) -> str:
    """Return an OCTET STRING that holds UTF-8 without NUL."""
    try:
        said = octets(element).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DerError("UTF-8 was expected") from error
    if "\x00" in said:
        raise DerError("NUL is not text")
    return said


def _primitive(element: Element, tag: int) -> bytes:
    if (element.kind, element.constructed, element.tag) != (0, False, tag):
        raise DerError("a value of another type was expected")
    return element.content


def _all(data: bytes) -> list[Element]:
    found: list[Element] = []
    position = 0
    while position < len(data):
        element, position = _next(data, position)
        found.append(element)
        if len(found) > _MOST_CHILDREN:
            raise DerError("too many values")
    return found


def _next(data: bytes, position: int) -> tuple[Element, int]:
    first, position = _byte(data, position)
    tag = first & 0x1F
    if tag == 0x1F:
        tag, position = _long_tag(data, position)
    length, position = _length(data, position)
    end = position + length
    if end > len(data):
        raise DerError("a value ends before its length")
    return Element(first >> 6, bool(first & 0x20), tag, data[position:end]), end


def _long_tag(data: bytes, position: int) -> tuple[int, int]:
    tag = 0
    for count in range(4):
        byte, position = _byte(data, position)
        if count == 0 and byte == 0x80:
            raise DerError("a tag in its shortest form was expected")
        tag = tag << 7 | byte & 0x7F
        if not byte & 0x80:
            if tag < 0x1F:
                raise DerError("a tag in its shortest form was expected")
            return tag, position
    raise DerError("a tag is too long")


def _length(data: bytes, position: int) -> tuple[int, int]:
    first, position = _byte(data, position)
    if first < 0x80:
        return first, position
    size = first & 0x7F
    if not 1 <= size <= 3 or position + size > len(data):
        raise DerError("a definite length was expected")
    length = int.from_bytes(data[position : position + size])
    if length < 0x80 or data[position] == 0:
        raise DerError("a length in its shortest form was expected")
    return length, position + size


def _byte(data: bytes, position: int) -> tuple[int, int]:
    if position >= len(data):
        raise DerError("the bytes end too early")
    return data[position], position + 1
