"""The demo's photograph: a real PNG of the size of a small picture."""

import struct
import zlib

import pytest

from muster.server.demo.photo import HEIGHT, WIDTH, night_street


@pytest.mark.parametrize("seed", range(6))
def test_it_weighs_between_20_and_60_kilobytes(seed: int) -> None:
    assert 20_000 <= len(night_street(seed)) <= 60_000


def test_the_same_seed_is_the_same_picture_and_another_is_not() -> None:
    assert night_street(1) == night_street(1) != night_street(2)


def test_every_chunk_is_intact_and_every_row_is_there() -> None:
    rest, pixels, kinds = night_street()[8:], b"", []
    while rest:
        (size,) = struct.unpack(">I", rest[:4])
        kind, data = rest[4:8], rest[8 : 8 + size]
        assert struct.unpack(">I", rest[8 + size : 12 + size])[0] == zlib.crc32(kind + data)
        kinds.append(kind)
        pixels += data if kind == b"IDAT" else b""
        rest = rest[12 + size :]
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(pixels)) == HEIGHT * (1 + 3 * WIDTH)
