"""Writer of resource tables (resources.arsc), for the demo's own small apps.

Layout: Android `ResourceTypes.h`. Each kind of value is a type of its own, with as many entries as
there are resources of it and a chunk for each configuration.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from muster.server.demo.apk_manifest import Reference, chunk, string_pool

KINDS: Final = ("string", "mipmap", "xml", "array")
_PACKAGE_ID: Final = 0x7F
_STRING: Final = 0x03
_COMPLEX: Final = 0x0001
_ARRAY_ITEM: Final = 0x02000000
_NONE: Final = 0xFFFFFFFF
_CONFIG_SIZE: Final = 64


@dataclass(frozen=True)
class _Place:
    """A configuration: language, script and country, or density in dpi."""

    locale: str = ""
    density: int = 0

    def encoded(self) -> bytes:
        language, _, rest = self.locale.partition("-")
        script, _, country = rest.rpartition("-") if len(rest) != 4 else (rest, "", "")
        return struct.pack(
            "<IHH2s2sBBH20x4s24x",
            *(_CONFIG_SIZE, 0, 0, language.encode(), country.encode(), 0, 0, self.density),
            script.encode(),
        )


@dataclass
class ResourceWriter:
    """Collects resources, gives each its reference, and writes the table."""

    package: str
    _strings: dict[str, int] = field(default_factory=dict)
    _entries: dict[str, list[dict[_Place, bytes]]] = field(default_factory=dict)

    def text(self, by_locale: Mapping[str, str]) -> Reference:
        """A text by language tag, "" for the default one."""
        values = {_Place(locale): self._value(text) for locale, text in by_locale.items()}
        return self._add("string", values)

    def icon(self, by_density: Mapping[int, str]) -> Reference:
        """A picture's path by density in dpi."""
        values = {_Place(density=dpi): self._value(path) for dpi, path in by_density.items()}
        return self._add("mipmap", values)

    def document(self, path: str) -> Reference:
        """The path of an XML file."""
        return self._add("xml", {_Place(): self._value(path)})

    def array(self, texts: Sequence[str]) -> Reference:
        """A list of texts."""
        index = len(self._entries.get("array", ()))
        items = (
            struct.pack("<IHBBI", _ARRAY_ITEM + place, 8, 0, _STRING, self._string(text))
            for place, text in enumerate(texts)
        )
        head = struct.pack("<HHIII", 16, _COMPLEX, index, 0, len(texts))
        return self._add("array", {_Place(): head + b"".join(items)})

    def encode(self) -> bytes:
        """The table of what was collected."""
        longest = max(map(len, self._entries.values()), default=0)
        types, keys = string_pool(list(KINDS)), string_pool([f"r{n}" for n in range(longest)])
        name = self.package.encode("utf-16-le")[:254]
        header = struct.pack(
            "<I256s5I",
            *(_PACKAGE_ID, name, 288, len(KINDS), 288 + len(types), longest, 0),
        )
        chunks = b"".join(self._type(number, kind) for number, kind in enumerate(KINDS, 1))
        package = chunk(0x0200, header + types + keys + chunks, header_size=288)
        pool = string_pool(list(self._strings))
        return chunk(0x0002, struct.pack("<I", 1) + pool + package, header_size=12)

    def _value(self, text: str) -> bytes:
        return struct.pack("<HHIHBBI", 8, 0, 0, 8, 0, _STRING, self._string(text))

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def _add(self, kind: str, values: dict[_Place, bytes]) -> Reference:
        entries = self._entries.setdefault(kind, [])
        entries.append(values)
        number = KINDS.index(kind) + 1
        return Reference(_PACKAGE_ID << 24 | number << 16 | len(entries) - 1)

    def _type(self, number: int, kind: str) -> bytes:
        entries = self._entries.get(kind, [])
        if not entries:
            return b""
        flags = struct.pack(f"<{len(entries)}I", *[0] * len(entries))
        spec = chunk(
            0x0202, struct.pack("<BBHI", number, 0, 0, len(entries)) + flags, header_size=16
        )
        places = sorted({place for values in entries for place in values}, key=_Place.encoded)
        return spec + b"".join(_of_place(number, entries, place) for place in places)


def _of_place(number: int, entries: list[dict[_Place, bytes]], place: _Place) -> bytes:
    offsets, data = b"", b""
    for values in entries:
        offsets += struct.pack("<I", len(data) if place in values else _NONE)
        data += values.get(place, b"")
    header_size = 8 + 12 + _CONFIG_SIZE
    start = header_size + len(offsets)
    header = struct.pack("<BBHII", number, 0, 0, len(entries), start) + place.encoded()
    return chunk(0x0201, header + offsets + data, header_size=header_size)
