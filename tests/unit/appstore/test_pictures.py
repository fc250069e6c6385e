"""Pictures are known by their headers, whatever follows; languages by how they are chosen."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appstore.listings.images import Image, ImageFault, look
from appstore.listings.locales import best, canonical, in_order
from tests.factories.appstore import png

_EXIF = b"\xff\xe1" + struct.pack(">H", 10) + b"Exif\0\0\xff\xc0"
_FRAME = struct.pack(">2sHBHHB", b"\xff\xc2", 11, 8, 480, 640, 1)
JPEG = b"\xff\xd8" + _EXIF + b"\xff" + _FRAME + b"rest"


def webp(kind: bytes, body: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


LOSSY = webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640 | 1 << 14, 480))
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14))
EXTENDED = webp(b"VP8X", b"\0" * 4 + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (png(640, 480), "image/png"),
        (JPEG, "image/jpeg"),
        (LOSSY, "image/webp"),
        (LOSSLESS, "image/webp"),
        (EXTENDED, "image/webp"),
    ],
)
def test_type_and_size_come_from_the_header(data: bytes, media_type: str) -> None:
    assert look(data) == Image(media_type, 640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        b"GIF89a" + b"\0" * 40,
        png(8, 640),
        JPEG[:20],
        b"\xff\xd8\xff\xda" + b"\0" * 9,
    ],
)
def test_what_is_no_picture_of_ours(data: bytes) -> None:
    with pytest.raises(ImageFault):
        look(data)


def test_a_header_may_claim_what_it_likes_without_being_believed() -> None:
    huge = bytearray(png(640, 480))
    huge[16:24] = b"\xff" * 8
    with pytest.raises(ImageFault, match="pixels"):
        look(bytes(huge))


@given(
    some.sampled_from([b"", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X", b"\x89PNG\r\n\x1a\n"]),
    some.binary(max_size=200),
)
def test_any_bytes_end_in_a_picture_or_a_fault(head: bytes, rest: bytes) -> None:
    with suppress(ImageFault):
        assert look(head + rest).width


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (["zh-CN"], "zh-Hans"),
        (["zh-Hant-HK", "en"], "zh-Hans"),
        (["en-GB"], "en"),
        (["de", "fr-CA", "en"], "fr"),
        (["de"], "zh-Hans"),
        (["*"], "zh-Hans"),
        ([], "zh-Hans"),
    ],
)
def test_a_reader_gets_the_language_that_suits_best(wanted: list[str], expected: str) -> None:
    assert best(wanted, ["en", "fr", "zh-Hans"]) == expected


def test_tags_are_written_one_way_and_the_force_s_own_come_first() -> None:
    assert canonical("ZH-hans-cn") == "zh-Hans-CN"
    assert [canonical(bad) for bad in ("", "en_GB", "x", "en-GB-oed", "en\n")] == [""] * 5
    assert in_order(["ug", "en", "bo", "zh-Hans"]) == ["zh-Hans", "en", "bo", "ug"]
    assert best(["en"], []) == ""
