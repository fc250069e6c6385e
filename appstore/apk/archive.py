"""Strict reading of an APK's zip directory.

Android's own reader and desktop tools disagree about odd zip files; malware lives in that gap.
So whatever could be read in two ways is refused (PKWARE APPNOTE 4.3.7, 4.3.12).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .cursor import unpack
from .errors import ApkError
from .sections import Sections

MAX_INFLATED = 2 << 30
MAX_RATIO = 50
FREE_INFLATED = 64 << 20
"""Below this many bytes a high ratio is harmless: plain XML may shrink a hundredfold."""
MAX_NAME = 1024
_PIECE = 1 << 20

_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_CENTRAL_MAGIC = 0x02014B50
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_LOCAL_MAGIC = 0x04034B50
_STORED, _DEFLATED = 0, 8
_DESCRIPTOR_FOLLOWS = 0x0008
_HARMLESS_FLAGS = 0x0800 | _DESCRIPTOR_FOLLOWS | 0x0006  # UTF-8 names, descriptor, deflate level


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive, as both its headers agree on it; sizes and offset in bytes."""

    name: str
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


class Archive:
    """The files of an APK by name; building one checks the whole directory."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._entries = {entry.name: entry for entry in _read_directory(sections)}
        _refuse_twins(self._entries, sections.entry_count)
        _refuse_bomb(self._entries, sections.size)
        self._data_offsets = _check_local_headers(sections, self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in directory order."""
        return tuple(self._entries)

    @property
    def inflated(self) -> int:
        """Bytes of all entries together, as they claim."""
        return sum(entry.size for entry in self._entries.values())

    def read(self, name: str, limit: int) -> bytes:
        """The inflated bytes of one entry, never more than `limit`; size and CRC are checked."""
        entry = self._entries.get(name)
        if entry is None:
            raise ApkError("entry_missing", f"The APK has no {name}.")
        if max(entry.size, entry.packed_size) > limit:
            raise ApkError("entry_too_large", f"{name} is larger than {limit} bytes.")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The inflated bytes of an entry that is there, bit by bit; wrong ones end in ApkError."""
        entry = self._entries[name]
        packed = self._packed(self._data_offsets[name], entry.packed_size)
        crc = size = 0
        for piece in packed if entry.method == _STORED else _inflate(packed, entry):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            if size > entry.size:
                break
            yield piece
        if size != entry.size or crc != entry.crc:
            raise ApkError("entry_corrupt", f"{name} does not have the size or CRC it claims.")

    def _packed(self, offset: int, size: int) -> Iterator[bytes]:
        for start in range(offset, offset + size, _PIECE):
            yield self._sections.read(start, min(_PIECE, offset + size - start))


def _read_directory(sections: Sections) -> list[Entry]:
    directory = sections.directory
    entries: list[Entry] = []
    position = 0
    for _ in range(sections.entry_count):
        entry, position = _read_entry(directory, position)
        entries.append(entry)
    if position != len(directory):
        raise ApkError("zip_directory_count", "The zip directory holds more than it counts.")
    return entries


def _read_entry(directory: bytes, position: int) -> tuple[Entry, int]:
    fields = unpack(_CENTRAL, directory, position, "zip_directory_truncated")
    magic, _, _, flags, method, _, _, crc, packed, size, name_size, extra, comment = fields[:13]
    disk, offset = fields[13], fields[16]
    start = position + _CENTRAL.size
    raw_name = directory[start : start + name_size]
    if magic != _CENTRAL_MAGIC or len(raw_name) != name_size:
        raise ApkError("zip_directory_corrupt", "The zip directory is damaged; build the APK anew.")
    name = _checked_name(raw_name)
    if disk or 0xFFFFFFFF in (packed, size, offset):
        raise ApkError("zip64", f"{name!r} needs zip64, which Android does not install.")
    if flags & ~_HARMLESS_FLAGS:
        raise ApkError("zip_flags", f"{name!r} is encrypted or uses an unknown zip feature.")
    if method not in {_STORED, _DEFLATED} or (method == _STORED and packed != size):
        raise ApkError("zip_method", f"{name!r} must be stored or deflated, with honest sizes.")
    entry = Entry(name, flags, method, crc, packed, size, offset)
    return entry, start + name_size + extra + comment


def _checked_name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApkError("zip_name", "An entry's name is not UTF-8.") from error
    if len(raw) > MAX_NAME or "\0" in name or "\\" in name:
        raise ApkError("zip_name", "An entry's name is too long, or has a NUL or a backslash.")
    if {"", ".", ".."} & set(name.removesuffix("/").split("/")):
        raise ApkError("zip_traversal", f"The entry {name!r} leaves the archive's own folder.")
    return name


def _refuse_twins(entries: dict[str, Entry], count: int) -> None:
    if len({name.removesuffix("/") for name in entries}) != count:
        raise ApkError("zip_duplicate", "Two entries have the same name; which one counts?")


def _refuse_bomb(entries: dict[str, Entry], file_size: int) -> None:
    inflated = sum(entry.size for entry in entries.values())
    if inflated > min(MAX_INFLATED, FREE_INFLATED + MAX_RATIO * file_size):
        raise ApkError("zip_bomb", f"The APK would inflate to {inflated} bytes.")


def _check_local_headers(sections: Sections, entries: dict[str, Entry]) -> dict[str, int]:
    """Offsets of each entry's data, once no two entries share a byte."""
    offsets: dict[str, int] = {}
    free_from = 0
    for entry in sorted(entries.values(), key=lambda each: each.offset):
        if entry.offset < free_from:
            raise ApkError("zip_overlap", f"{entry.name!r} shares bytes with another entry.")
        offsets[entry.name] = _data_offset(sections, entry)
        free_from = offsets[entry.name] + entry.packed_size
        if free_from > sections.block_offset:
            raise ApkError("zip_overlap", f"{entry.name!r} reaches into the signature.")
    return offsets


def _data_offset(sections: Sections, entry: Entry) -> int:
    name = entry.name.encode()
    header = sections.read(entry.offset, _LOCAL.size + len(name))
    fields = unpack(_LOCAL, header, 0, "truncated")
    magic, _, flags, method, _, _, crc, packed, size, name_size, extra = fields
    wanted = (entry.crc, entry.packed_size, entry.size)
    allowed = [wanted, (0, 0, 0)] if flags & _DESCRIPTOR_FOLLOWS else [wanted]
    agrees = (magic, method, name_size) == (_LOCAL_MAGIC, entry.method, len(name))
    if not agrees or (crc, packed, size) not in allowed or header[_LOCAL.size :] != name:
        raise ApkError("zip_headers_differ", f"The two zip headers of {entry.name!r} differ.")
    if (flags ^ entry.flags) & ~_HARMLESS_FLAGS:
        raise ApkError("zip_flags", f"The two zip headers of {entry.name!r} differ in flags.")
    return entry.offset + _LOCAL.size + name_size + extra


def _inflate(packed: Iterable[bytes], entry: Entry) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            yield inflater.decompress(piece, _PIECE)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, _PIECE)
        yield inflater.flush()
    except zlib.error as error:
        raise ApkError("entry_corrupt", f"{entry.name} cannot be inflated.") from error
    if not inflater.eof or inflater.unused_data:
        raise ApkError("entry_corrupt", f"{entry.name} inflates to more or less than it claims.")
