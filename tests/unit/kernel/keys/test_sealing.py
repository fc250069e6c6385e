"""Sealed copies: they open unchanged, in their place, or not at all."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.keys import KeyMissingError, Keys, SealBrokenError

FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(max_examples=40, suppress_health_check=FIXTURES, deadline=None)
@given(plaintext=st.binary(max_size=300), place=st.binary(max_size=20))
def test_what_is_sealed_opens_in_its_place(keys: Keys, plaintext: bytes, place: bytes) -> None:
    sealed = keys.seal("copies", plaintext, place)
    assert keys.open("copies", sealed, place) == plaintext
    with pytest.raises(SealBrokenError):
        keys.open("copies", sealed, place + b"!")


@settings(max_examples=80, suppress_health_check=FIXTURES, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_or_lost_byte_is_noticed(keys: Keys, data: st.DataObject) -> None:
    sealed = bytearray(keys.seal("copies", b"the answer", b"request 7"))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    cut = data.draw(st.integers(0, len(sealed) - 1))
    short = bytes(sealed[:cut])
    sealed[at // 8] ^= 1 << at % 8
    for broken in (bytes(sealed), short):
        with pytest.raises((SealBrokenError, KeyMissingError)):
            keys.open("copies", broken, b"request 7")


def test_two_seals_of_the_same_bytes_differ(keys: Keys) -> None:
    assert keys.seal("copies", b"same", b"") != keys.seal("copies", b"same", b"")


def test_a_seal_of_one_purpose_does_not_open_as_another(keys: Keys) -> None:
    with pytest.raises(KeyMissingError):
        keys.open("blob", keys.seal("copies", b"x", b""), b"")
