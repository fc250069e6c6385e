"""BER is brought into order within hard bounds, and what is in order keeps its bytes."""

import pytest

from mdm.certificates.scep.ber import BerError, normalised


def test_what_is_der_keeps_its_bytes() -> None:
    der = bytes.fromhex("300c 0201 01 0403 616263 3002 0500")
    assert normalised(der) == der


def test_a_length_that_is_longer_than_it_need_be_is_left_as_it_was_signed() -> None:
    odd = bytes.fromhex("3081 05 0403 616263")
    assert normalised(odd) == odd


def test_pieces_of_an_octet_string_become_one() -> None:
    pieces = bytes.fromhex("3080 2480 0401 61 2404 0402 6263 0000 0000")
    assert normalised(pieces) == bytes.fromhex("3005 0403 616263")


def test_encrypted_content_in_pieces_becomes_an_implicit_octet_string() -> None:
    info = bytes.fromhex("3012 0603 2a0304 3003 0601 2a a006 0401 61 0401 62")
    assert normalised(info) == bytes.fromhex("300e 0603 2a0304 3003 0601 2a 8002 6162")


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x30",
        b"\x30\x05\x04\x03\x61\x62",  # cut short
        b"\x30\x80\x04\x01\x61",  # without an end
        b"\x30\x84\xff\xff\xff\xff",  # a length of four gigabytes
        b"\x30\x89" + b"\x01" * 9,
        b"\x04\x80\x61\x00\x00",  # an indefinite length without parts
        b"\x24\x03\x02\x01\x01",  # an octet string made of a number
        b"\x1f\x81\x01\x00",  # a tag of two bytes
        b"\x05\x00\x05\x00",  # more than one element
        b"\x30\x80" * 20_000,  # nested without end
        b"\x24\x80" * 30 + b"\x00\x00" * 30,
        b"\x30\x80" + b"\x05\x00" * 5000 + b"\x00\x00",  # too many
    ],
)
def test_what_cannot_be_meant_is_refused(hostile: bytes) -> None:
    with pytest.raises(BerError):
        normalised(hostile)
