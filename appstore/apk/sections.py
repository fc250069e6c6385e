"""The four sections of an APK file: contents, signing block, central directory, end record.

Format: PKWARE APPNOTE 4.3.16 for the end record; Android "APK Signature Scheme v2" for the block.
"""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from .errors import ApkError

BLOCK_MAGIC = b"APK Sig Block 42"
MAX_BLOCK = 4 << 20
MAX_DIRECTORY = 16 << 20

_END = struct.Struct("<4sHHHHIIH")
_END_MAGIC = b"PK\x05\x06"
_ZIP64_LOCATOR_MAGIC = b"PK\x06\x07"
_MAX_COMMENT = 0xFFFF


@dataclass(frozen=True, slots=True)
class Sections:
    """Where each section lies (byte offsets from the start of the file) and the file to read."""

    descriptor: int
    size: int
    block_offset: int
    directory_offset: int
    end_offset: int
    entry_count: int
    end_record: bytes

    def read(self, offset: int, size: int) -> bytes:
        """Exactly `size` bytes from `offset`."""
        return _read(self.descriptor, offset, size)

    @property
    def block(self) -> bytes:
        """The APK signing block; empty when the file has none."""
        return self.read(self.block_offset, self.directory_offset - self.block_offset)

    @property
    def directory(self) -> bytes:
        """The zip central directory."""
        return self.read(self.directory_offset, self.end_offset - self.directory_offset)


def read_sections(file: BinaryIO) -> Sections:
    """Locate the sections of an open APK; ApkError when it is not one well-formed zip file."""
    descriptor = file.fileno()
    size = os.fstat(descriptor).st_size
    end_offset, end_record = _find_end_record(descriptor, size)
    _, disk, start_disk, here, total, length, offset, _ = _END.unpack_from(end_record)
    if disk or start_disk or here != total:
        raise ApkError("zip_multi_disk", "The zip file is split over several disks.")
    _refuse_zip64(descriptor, end_offset, total, length, offset)
    if offset + length != end_offset:
        raise ApkError(
            "zip_directory_misplaced",
            "The central directory must end exactly where the end record begins.",
        )
    if length > MAX_DIRECTORY:
        raise ApkError("zip_directory_too_large", f"The directory exceeds {MAX_DIRECTORY} bytes.")
    return Sections(
        descriptor=descriptor,
        size=size,
        block_offset=_block_offset(descriptor, offset),
        directory_offset=offset,
        end_offset=end_offset,
        entry_count=total,
        end_record=end_record,
    )


def _read(descriptor: int, offset: int, size: int) -> bytes:
    data = os.pread(descriptor, size, offset)
    if len(data) != size:
        raise ApkError("truncated", f"The file ends before byte {offset + size}; upload it again.")
    return data


def _find_end_record(descriptor: int, size: int) -> tuple[int, bytes]:
    tail_offset = max(0, size - _END.size - _MAX_COMMENT)
    tail = _read(descriptor, tail_offset, size - tail_offset)
    position = len(tail) - _END.size + len(_END_MAGIC)
    # Android too takes the record with the shortest comment that reaches the end of the file.
    while (position := tail.rfind(_END_MAGIC, 0, position)) >= 0:
        comment = int.from_bytes(tail[position + 20 : position + 22], "little")
        if position + _END.size + comment == len(tail):
            return tail_offset + position, tail[position:]
        position += len(_END_MAGIC) - 1
    raise ApkError("not_a_zip", "This is not a complete APK: the zip end record is missing.")


def _refuse_zip64(descriptor: int, end: int, total: int, length: int, offset: int) -> None:
    locator = _read(descriptor, end - 20, 4) if end >= 20 else b""
    if locator == _ZIP64_LOCATOR_MAGIC or total == 0xFFFF or 0xFFFFFFFF in (length, offset):
        raise ApkError("zip64", "Android does not install zip64 files; build the APK without it.")


def _block_offset(descriptor: int, directory_offset: int) -> int:
    if directory_offset < 32 or _read(descriptor, directory_offset - 16, 16) != BLOCK_MAGIC:
        return directory_offset
    size = int.from_bytes(_read(descriptor, directory_offset - 24, 8), "little")
    start = directory_offset - size - 8
    if not 24 <= size <= MAX_BLOCK or start < 0:
        raise ApkError("signing_block_size", "The APK signing block has an impossible size.")
    if int.from_bytes(_read(descriptor, start, 8), "little") != size:
        raise ApkError("signing_block_size", "The two sizes of the APK signing block differ.")
    return start
