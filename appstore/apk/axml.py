"""Pull parser for Android's binary XML.

Layout: Android `ResourceTypes.h`, ResXMLTree_node and ResXMLTree_attrExt. Attributes are known
by their resource id, as Android knows them; their names in the file are free to lie.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .chunks import STRING_POOL, Chunk, StringPool, chunks, read_chunk
from .cursor import unpack
from .errors import ApkError
from .values import Value

_XML, _RESOURCE_MAP = 0x0003, 0x0180
_START, _END = 0x0102, 0x0103
_ELEMENT = struct.Struct("<IIHHH")
_ATTRIBUTE = struct.Struct("<IIIHBBI")
_NAME = struct.Struct("<I")
_MAX_CHUNKS = 200_000
_MAX_DEPTH = 64
_MAX_ATTRIBUTES = 400_000
_CODE = "manifest_corrupt"


@dataclass(frozen=True, slots=True)
class Start:
    """An element opens; attributes by resource id, and by name those that have none."""

    name: str
    attributes: dict[int | str, Value]


@dataclass(frozen=True, slots=True)
class End:
    """The innermost open element closes."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its children, for documents known to be small."""

    name: str
    attributes: dict[int | str, Value] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)

    def named(self, *names: str) -> list["Element"]:
        """The direct children with one of these names."""
        return [child for child in self.children if child.name in names]


def pull(data: bytes) -> Iterator[Start | End]:
    """The events of a binary XML document in order; ApkError where it is malformed."""
    root = read_chunk(data, 0, len(data))
    if root.kind != _XML:
        raise ApkError(_CODE, "The manifest is not Android binary XML.")
    reader = _Reader(data)
    for chunk in chunks(data, root.body, root.end, _MAX_CHUNKS):
        if chunk.kind in {STRING_POOL, _RESOURCE_MAP}:
            reader.prepare(chunk)
        elif chunk.kind == _START:
            yield reader.start(chunk)
        elif chunk.kind == _END:
            yield End()


def parse(data: bytes) -> Element:
    """The root element of a binary XML document."""
    open_elements = [Element("")]
    for event in pull(data):
        if isinstance(event, Start):
            element = Element(event.name, event.attributes)
            open_elements[-1].children.append(element)
            open_elements.append(element)
            if len(open_elements) > _MAX_DEPTH:
                raise ApkError(_CODE, f"Elements are nested more than {_MAX_DEPTH} deep.")
        elif len(open_elements) == 1:
            raise ApkError(_CODE, "An element is closed that was never opened.")
        else:
            open_elements.pop()
    roots = open_elements[0].children
    if len(open_elements) != 1 or len(roots) != 1:
        raise ApkError(_CODE, "The document must have one root element, properly closed.")
    return roots[0]


class _Reader:
    """The string pool and resource map that give an element's numbers their meaning."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pool: StringPool | None = None
        self._resource_map: Chunk | None = None
        self._attributes_left = _MAX_ATTRIBUTES

    def prepare(self, chunk: Chunk) -> None:
        """Take the pool or the map; Android ignores those that come twice or late, so refuse."""
        started = self._attributes_left < _MAX_ATTRIBUTES
        if chunk.kind == STRING_POOL and self._pool is None:
            self._pool = StringPool(self._data, chunk)
        elif chunk.kind == _RESOURCE_MAP and self._resource_map is None and not started:
            self._resource_map = chunk
        else:
            raise ApkError(_CODE, "The string pool or the resource map comes twice or too late.")

    def start(self, chunk: Chunk) -> Start:
        if self._pool is None:
            raise ApkError(_CODE, "An element comes before the string pool.")
        _, name, first, stride, count = unpack(_ELEMENT, self._data, chunk.body, _CODE)
        offset = chunk.body + first
        self._attributes_left -= count + 1
        if stride < _ATTRIBUTE.size or offset + stride * count > chunk.end:
            raise ApkError(_CODE, "An element cannot hold the attributes it counts.")
        if self._attributes_left < 0:
            raise ApkError(
                _CODE, f"The manifest has more than {_MAX_ATTRIBUTES} elements and attributes."
            )
        attributes: dict[int | str, Value] = {}
        for position in range(offset, offset + stride * count, stride):
            key, value = self._attribute(self._pool, position)
            if key in attributes:
                raise ApkError(_CODE, "An element has the same attribute twice.")
            attributes[key] = value
        return Start(self._pool[name], attributes)

    def _attribute(self, pool: StringPool, position: int) -> tuple[int | str, Value]:
        _, name, _, _, _, kind, number = unpack(_ATTRIBUTE, self._data, position, _CODE)
        return self._resource_id(name) or pool[name], Value(kind, number, pool)

    def _resource_id(self, name: int) -> int:
        """The attribute's id in the platform; 0 for a name without one."""
        area = self._resource_map
        if area is None or area.body + _NAME.size * (name + 1) > area.end:
            return 0
        return unpack(_NAME, self._data, area.body + _NAME.size * name, _CODE)[0]
