"""Minimal look-up in a resource table (resources.arsc): the values of one resource by its id.

Layout: Android `ResourceTypes.h`, ResTable_package, ResTable_type, ResTable_entry. The table is
never unfolded: an index of its type chunks is made once, entries are read when asked for.
"""

import struct
from dataclasses import dataclass

from .chunks import STRING_POOL, Chunk, StringPool, chunks, read_chunk
from .configuration import Configuration, read_configuration
from .cursor import unpack
from .errors import ApkError
from .values import Value

_TABLE, _PACKAGE, _TYPE = 0x0002, 0x0200, 0x0201
_PACKAGE_HEADER = struct.Struct("<I")
_TYPE_HEADER = struct.Struct("<BBHII")
_ENTRY = struct.Struct("<HHI")
_VALUE = struct.Struct("<HBBI")
_BAG, _ITEM = struct.Struct("<II"), struct.Struct("<IHBBI")
_WORD, _HALF, _SPARSE_PAIR = struct.Struct("<I"), struct.Struct("<H"), struct.Struct("<HH")
_SPARSE, _SHORT_OFFSETS = 0x01, 0x02
_COMPLEX, _COMPACT = 0x0001, 0x0008
_MAX_CHUNKS = 20_000
_MAX_LOOKUPS = 200_000
_MAX_HOPS = 64
_MAX_ITEMS = 1000
_CODE = "resources_corrupt"


@dataclass(frozen=True, slots=True)
class Variant:
    """A resource's value for one configuration."""

    configuration: Configuration
    value: Value


@dataclass(frozen=True, slots=True)
class _TypeChunk:
    """One type's entries for one configuration."""

    flags: int
    count: int
    offsets: int
    entries: int
    end: int
    configuration: Configuration


class ResourceTable:
    """The resources of an APK by their 32-bit id (0xPPTTEEEE: package, type, entry)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pool: StringPool | None = None
        self._types: dict[int, list[_TypeChunk]] = {}
        self._lookups_left = _MAX_LOOKUPS
        if not data:
            return
        root = read_chunk(data, 0, len(data))
        if root.kind != _TABLE:
            raise ApkError(_CODE, "resources.arsc is not an Android resource table.")
        for chunk in chunks(data, root.body, root.end, _MAX_CHUNKS):
            if chunk.kind == STRING_POOL and self._pool is None:
                self._pool = StringPool(data, chunk)
            elif chunk.kind == _PACKAGE:
                self._index_package(chunk)

    def variants(self, resource_id: int) -> list[Variant]:
        """Every literal value of a resource, references followed; [] for ids not in this table."""
        found: list[Variant] = []
        waiting, seen = [resource_id], {resource_id}
        while waiting:
            for variant in self._direct_variants(waiting.pop()):
                target = variant.value.reference
                if target is None:
                    found.append(variant)
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
            if len(seen) > _MAX_HOPS:
                raise ApkError("resources_too_complex", "A resource refers to too many others.")
        return found

    def items(self, resource_id: int) -> list[Value]:
        """The members of an array, in its default configuration if it has one; [] for no array."""
        kinds = self._kinds(resource_id)
        for kind in sorted(kinds, key=lambda kind: kind.configuration.locale):
            place = self._place(kind, resource_id & 0xFFFF)
            if place is not None and self._flags(place) & _COMPLEX:
                return self._members(kind, place)
        return []

    def _index_package(self, package: Chunk) -> None:
        (package_id,) = unpack(_PACKAGE_HEADER, self._data, package.start + 8, _CODE)
        for chunk in chunks(self._data, package.body, package.end, _MAX_CHUNKS):
            if chunk.kind == _TYPE:
                type_id, described = self._describe(chunk)
                key = (package_id & 0xFF) << 8 | type_id
                self._types.setdefault(key, []).append(described)

    def _describe(self, chunk: Chunk) -> tuple[int, _TypeChunk]:
        start = chunk.start + 8
        type_id, flags, _, count, entries = unpack(_TYPE_HEADER, self._data, start, _CODE)
        config = read_configuration(self._data, start + _TYPE_HEADER.size, chunk.body)
        width = _HALF.size if flags & _SHORT_OFFSETS and not flags & _SPARSE else _WORD.size
        if chunk.body + width * count > chunk.end:
            raise ApkError(_CODE, f"A resource type cannot hold the {count} entries it counts.")
        return type_id, _TypeChunk(
            flags=flags,
            count=count,
            offsets=chunk.body,
            entries=chunk.start + entries,
            end=chunk.end,
            configuration=config,
        )

    def _kinds(self, resource_id: int) -> list[_TypeChunk]:
        kinds = self._types.get(resource_id >> 16, [])
        self._lookups_left -= len(kinds)
        if self._lookups_left < 0:
            raise ApkError("resources_too_complex", "The resource table is too intertwined.")
        return kinds

    def _direct_variants(self, resource_id: int) -> list[Variant]:
        return [
            Variant(kind.configuration, value)
            for kind in self._kinds(resource_id)
            if (value := self._entry(kind, resource_id & 0xFFFF)) is not None
        ]

    def _entry(self, kind: _TypeChunk, index: int) -> Value | None:
        place = self._place(kind, index)
        if place is None or self._pool is None:
            return None
        size, flags, word = unpack(_ENTRY, self._data, place, _CODE)
        if flags & _COMPACT:
            return Value(flags >> 8, word, self._pool)
        if flags & _COMPLEX:
            return None
        _, _, value_kind, number = unpack(_VALUE, self._data, place + size, _CODE)
        return Value(value_kind, number, self._pool)

    def _members(self, kind: _TypeChunk, place: int) -> list[Value]:
        size, _, _ = unpack(_ENTRY, self._data, place, _CODE)
        _, count = unpack(_BAG, self._data, place + _ENTRY.size, _CODE)
        if count > _MAX_ITEMS or place + size + _ITEM.size * count > kind.end:
            raise ApkError(_CODE, f"A resource array has more than {_MAX_ITEMS} items.")
        spots = range(place + size, place + size + _ITEM.size * count, _ITEM.size)
        items = (unpack(_ITEM, self._data, spot, _CODE) for spot in spots)
        assert self._pool is not None
        return [Value(value_kind, number, self._pool) for *_, value_kind, number in items]

    def _flags(self, place: int) -> int:
        flags = unpack(_ENTRY, self._data, place, _CODE)[1]
        return 0 if flags & _COMPACT or self._pool is None else flags

    def _place(self, kind: _TypeChunk, index: int) -> int | None:
        """Where an entry starts in the table; None if the type has none of this index."""
        offset = self._entry_offset(kind, index)
        if offset is None:
            return None
        if kind.entries + offset + _ENTRY.size > kind.end:
            raise ApkError(_CODE, "A resource entry lies outside its type.")
        return kind.entries + offset

    def _entry_offset(self, kind: _TypeChunk, index: int) -> int | None:
        """Where the entry lies after the type's entries start, in bytes; None if absent."""
        if kind.flags & _SPARSE:
            return self._sparse_offset(kind, index)
        if index >= kind.count:
            return None
        if kind.flags & _SHORT_OFFSETS:
            (short,) = unpack(_HALF, self._data, kind.offsets + _HALF.size * index, _CODE)
            return None if short == 0xFFFF else 4 * short
        (offset,) = unpack(_WORD, self._data, kind.offsets + _WORD.size * index, _CODE)
        return None if offset == 0xFFFFFFFF else offset

    def _sparse_offset(self, kind: _TypeChunk, index: int) -> int | None:
        """Binary search, for sparse types are sorted by entry."""
        low, high = 0, kind.count
        while low < high:
            middle = (low + high) // 2
            place = kind.offsets + _SPARSE_PAIR.size * middle
            entry, offset = unpack(_SPARSE_PAIR, self._data, place, _CODE)
            if entry == index:
                return 4 * offset
            low, high = (middle + 1, high) if entry < index else (low, middle)
        return None
