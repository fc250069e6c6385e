"""The launcher icon's picture, if it is one that a browser shows without danger.

Signatures and sizes: PNG (ISO/IEC 15948, 5.2 and 11.2.2); WebP (RFC 9649, 2.4 to 2.7).
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from .archive import Archive
from .errors import ApkError

MAX_ICON = 512 << 10
MAX_SIDE = 2048
"""Pixels; a picture that is small as a file may still be huge on the screen."""
_MAX_TRIES = 8
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDTH_AND_HEIGHT = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Icon:
    """A picture: its path in the APK, its bytes, and what they are; all empty when there is none."""

    path: str = ""
    data: bytes = b""
    media_type: str = ""


NO_ICON = Icon()


def find_icon(archive: Archive, paths: Iterable[str]) -> Icon:
    """The first of these files that is a bounded PNG or WebP picture."""
    for path in [path for path in paths if path in archive][:_MAX_TRIES]:
        try:
            data = archive.read(path, MAX_ICON)
        except ApkError:
            continue  # an app without a picture is an app; what matters is checked elsewhere
        media_type = media_type_of(data)
        if media_type:
            return Icon(path, data, media_type)
    return NO_ICON


def media_type_of(data: bytes) -> str:
    """image/png or image/webp; "" for anything else, and for pictures too large to show."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) > 24:
        return "image/png" if _fits(*_WIDTH_AND_HEIGHT.unpack_from(data, 16)) else ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) > 30:
        return "image/webp" if _fits(*_webp_size(data)) else ""
    return ""


def _fits(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of lossy, lossless or extended WebP; 0 for what is none of them."""
    kind = data[12:16]
    if kind == b"VP8 ":
        return _number(data, 26, 2) & 0x3FFF, _number(data, 28, 2) & 0x3FFF
    if kind == b"VP8L":
        bits = _number(data, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return _number(data, 24, 3) + 1, _number(data, 27, 3) + 1
    return 0, 0


def _number(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "little")
