"""The reader takes DER and nothing near it, and no input makes it do anything but read or refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.attestation import der, description
from mdm.attestation.chain import Rejected
from mdm.attestation.der import DerError
from mdm.attestation.verdict import claims_nothing, read
from tests.factories.attestation import GOOD, Maker, integer, key_of, octets, sequence, tagged

STATEMENT = GOOD.encode()
CHAIN = Maker().chain(key_of("device"), GOOD)
PLACES = st.lists(
    st.tuples(st.integers(0, 4000), st.sampled_from(["set", "cut", "add"]), st.binary(min_size=1)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize(
    "spelling",
    [
        "",  # nothing
        "02",  # no length
        "0202 01",  # too short
        "0201 01 00",  # something follows
        "0281 01 01",  # a length in a longer form
        "0282 0001 01",
        "0280 01 0000",  # an indefinite length
        "0284 00000001 01",
        "0285 0000000001 01",
        "1f1e 00",  # a tag in a longer form
        "bf80 01 00",
        "bfffffffffff 00",
    ],
)
def test_a_value_has_one_spelling(spelling: str) -> None:
    with pytest.raises(DerError):
        der.read(bytes.fromhex(spelling))


@pytest.mark.parametrize("spelling", ["0200", "02020001", "0202ffff", "0241" + "01" * 65])
def test_an_integer_is_in_its_shortest_form(spelling: str) -> None:
    with pytest.raises(DerError):
        der.integer(der.read(bytes.fromhex(spelling)))


@given(st.integers(-(2**200), 2**200))
def test_integers_are_read_as_written(number: int) -> None:
    assert der.integer(der.read(integer(number))) == number


@given(st.lists(st.tuples(st.integers(0, 100_000), st.binary(max_size=300)), max_size=20))
def test_tags_and_lengths_are_read_as_written(parts: list[tuple[int, bytes]]) -> None:
    written = sequence(*(tagged(tag, octets(content)) for tag, content in parts))
    found = der.children(der.read(written))
    assert [(one.tag, der.octets(der.explicit(one))) for one in found] == parts


def test_ten_thousand_values_are_too_many() -> None:
    with pytest.raises(DerError):
        der.children(der.read(sequence(integer(1) * 10_000)))


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reading_of_a_statement(junk: bytes) -> None:
    readable(junk)


@given(PLACES)
@settings(max_examples=300)
def test_no_change_to_a_statement_breaks_its_reading(changes: list[tuple[int, str, bytes]]) -> None:
    readable(changed(STATEMENT, changes))


@given(st.integers(0, 3), PLACES)
@settings(max_examples=200, deadline=None)
def test_no_change_to_a_certificate_breaks_the_reading_of_a_chain(
    which: int, changes: list[tuple[int, str, bytes]]
) -> None:
    chain = [*CHAIN]
    chain[which] = changed(chain[which], changes)
    claims_nothing(chain[which : which + 1])
    try:
        read(chain)
    except Rejected as rejected:
        assert rejected.reason  # noqa: PT017 - that it is this exception is the point


def test_a_certificate_of_a_version_that_never_was_is_refused() -> None:
    """The library's error for it is of a kind of its own."""
    odd = [CHAIN[0].replace(bytes.fromhex("a003020102"), bytes.fromhex("a00302016a")), *CHAIN[1:]]
    with pytest.raises(Rejected, match="malformed"):
        read(odd)


def readable(data: bytes) -> None:
    """Read, or refuse in the one way there is."""
    try:
        description.parse(data)
    except DerError:
        return


def changed(data: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    for place, how, what in changes:
        at = place % (len(data) + 1)
        if how == "add":
            data = data[:at] + what + data[at:]
        elif how == "cut":
            data = data[:at] + data[at + len(what) :]
        else:
            data = data[:at] + what + data[at + len(what) :]
    return data


def test_an_application_without_a_name_is_refused() -> None:
    named = b"\x30\x19\x04\x14org.passmuster.agent"
    assert named in STATEMENT
    with pytest.raises(DerError):
        description.parse(STATEMENT.replace(named, b"\x30\x00" + named[2:]))
