"""The picture of the repository, and of apps that brought none: a plain badge, drawn here."""

import hashlib
import struct
import zlib
from typing import Final

from appstore.fdroid.sheet import Picture

_SIDE: Final = 96
_BLUE: Final = b"\x1b\x3a\x6b\xff"
_WHITE: Final = b"\xff\xff\xff\xff"
_CLEAR: Final = b"\x00\x00\x00\x00"


def _colour(x: int, y: int) -> bytes:
    """A disc with a chevron, the sign of a corporal's rank."""
    across, down = 2 * x - _SIDE + 1, 2 * y - _SIDE + 1
    if across * across + down * down > _SIDE * _SIDE:
        return _CLEAR
    return _WHITE if 0 <= down - abs(across) // 2 + 30 <= 34 and abs(across) < 56 else _BLUE


def _png() -> bytes:
    rows = (b"\0" + b"".join(_colour(x, y) for x in range(_SIDE)) for y in range(_SIDE))
    header = struct.pack(">2L5B", _SIDE, _SIDE, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in parts
    )


PNG: Final = _png()
PICTURE: Final = Picture("icons/muster.png", hashlib.sha256(PNG).hexdigest(), len(PNG))
