"""A photograph for the demo's evidence: a street at night, drawn pixel by pixel, as PNG.

PNG (ISO/IEC 15948) needs nothing but zlib; the grain of a camera at high sensitivity keeps the
file at the size of a small real picture.
"""

import struct
import zlib
from random import Random

WIDTH = 320
HEIGHT = 200
_GRAIN = 2
_HORIZON = 130
_LAMPS = (40, 140, 240)
_LAMP_Y = 60

Colour = tuple[int, int, int]
Canvas = list[list[Colour]]

_WALL: Colour = (18, 18, 26)
_LIT: Colour = (214, 178, 96)
_CAR: Colour = (58, 12, 16)
_GLASS: Colour = (12, 16, 22)
_REAR_LIGHT: Colour = (235, 30, 24)
_PLATE: Colour = (24, 60, 170)
_LETTERS: Colour = (235, 238, 245)


def night_street(seed: int = 0) -> bytes:
    """A PNG of 20 to 60 kB, 320 x 200, RGB: houses, lamps and a parked car; by seed another."""
    rng = Random(seed)
    canvas = _sky_and_road()
    _houses(canvas, rng)
    _car(canvas, left=rng.randrange(90, 180))
    return _png([[_exposed(c, x, y, rng) for x, c in enumerate(r)] for y, r in enumerate(canvas)])


def _sky_and_road() -> Canvas:
    sky = [(6 + y // 16, 8 + y // 14, 22 + y // 6) for y in range(_HORIZON)]
    road = [(30 + y // 6, 30 + y // 6, 32 + y // 6) for y in range(HEIGHT - _HORIZON)]
    return [[colour] * WIDTH for colour in (*sky, *road)]


def _houses(canvas: Canvas, rng: Random) -> None:
    left = 0
    while left < WIDTH:
        width, top = rng.randrange(30, 60), rng.randrange(20, 80)
        _box(canvas, left, top, width - 2, _HORIZON - top, _WALL)
        for x in range(left + 5, left + width - 8, 9):
            for y in range(top + 6, _HORIZON - 10, 12):
                if rng.random() < 0.35:
                    _box(canvas, x, y, 5, 7, _LIT)
        left += width


def _car(canvas: Canvas, left: int) -> None:
    _box(canvas, left + 12, 128, 66, 22, _CAR)
    _box(canvas, left + 18, 132, 54, 14, _GLASS)
    _box(canvas, left, 148, 90, 28, _CAR)
    for x in (left + 3, left + 77):
        _box(canvas, x, 153, 10, 6, _REAR_LIGHT)
        _box(canvas, x, 174, 11, 8, _GLASS)
    _box(canvas, left + 27, 161, 36, 10, _PLATE)
    for stroke in range(7):
        _box(canvas, left + 30 + 4 * stroke + (stroke > 1) * 2, 163, 2, 6, _LETTERS)


def _box(canvas: Canvas, left: int, top: int, width: int, height: int, colour: Colour) -> None:
    right = min(left + width, WIDTH)
    for row in canvas[top : top + height]:
        row[left:right] = [colour] * (right - left)


def _exposed(colour: Colour, x: int, y: int, rng: Random) -> bytes:
    """The colour under the nearest lamp's light, with grain."""
    away = min((x - lamp) ** 2 + (y - _LAMP_Y) ** 2 for lamp in _LAMPS)
    glow = 9000 // (away + 60)
    grain = rng.randrange(-_GRAIN, _GRAIN + 1)
    return bytes(
        max(0, min(255, part + glow * share // 3 + grain))
        for part, share in zip(colour, (3, 3, 2), strict=True)
    )


def _png(rows: list[list[bytes]]) -> bytes:
    raw = b"".join(b"\x00" + b"".join(row) for row in rows)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
