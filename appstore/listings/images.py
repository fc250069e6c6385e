"""What a picture is, read from its header alone: nothing is ever decompressed. Pure.

PNG (ISO/IEC 15948 section 5.3 and 11.2), JPEG (ITU-T T.81 annex B), WebP (RFC 9649).
"""

from dataclasses import dataclass
from typing import Final

SIDES: Final = range(16, 4097)
"""How many pixels a picture may be wide and high."""
_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF: the frame and its size
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment


class ImageFault(ValueError):
    """Why this is no picture of ours; the message is a sentence for people."""


@dataclass(frozen=True)
class Image:
    """A picture's type and its size in pixels."""

    media_type: str
    width: int
    height: int


def look(data: bytes) -> Image:
    """Return what a picture is; `ImageFault` unless it is a PNG, JPEG or WebP of a sound size."""
    try:
        image = _read(data)
    except IndexError as error:
        raise ImageFault("The picture is cut off.") from error
    if image.width not in SIDES or image.height not in SIDES:
        raise ImageFault(f"A picture has {SIDES[0]} to {SIDES[-1]} pixels each way.")
    return image


def _read(data: bytes) -> Image:
    if data.startswith(_PNG):
        return Image("image/png", _big(data, 16, 4), _big(data, 20, 4))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise ImageFault("Only PNG, JPEG and WebP pictures are taken.")


def _jpeg(data: bytes) -> Image:
    """Walk the segments up to the frame; each is at least three bytes long, so this ends."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAMES:
            return Image("image/jpeg", _big(data, at + 7, 2), _big(data, at + 5, 2))
        else:
            at += 2 + max(2, _big(data, at + 2, 2))
    raise ImageFault("The JPEG is damaged.")


def _webp(data: bytes) -> Image:
    kind = data[12:16]
    if kind == b"VP8X":
        return Image("image/webp", _little(data, 24, 3) + 1, _little(data, 27, 3) + 1)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        sizes = _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
        return Image("image/webp", *sizes)
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = _little(data, 21, 4)
        return Image("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    raise ImageFault("The WebP is damaged.")


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_bytes(data, at, size), "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_bytes(data, at, size), "little")


def _bytes(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise IndexError(at)
    return data[at : at + size]
