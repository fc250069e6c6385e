"""Which PINs and passwords may be chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.identity.credentials import check_password, check_pin, fresh_pin, normalised
from muster.kernel.identity.errors import WeakSecret


@pytest.mark.parametrize(
    "pin",
    [
        "12345",
        "1234567890123",
        "12345a",
        "123456",
        "654321",
        "901234",
        "111111",
        "111112",
        "121212",
        "123123",
        "19870412",
        "12041987",
        "870412",
        "120487",
        "041287",
        "204001",
        "99204001",
        "147258",
        "112233",
        "5201314",
        "٣٤٥٦٧٨",
        "",
    ],
)
def test_a_weak_pin_is_refused(pin: str) -> None:
    with pytest.raises(WeakSecret):
        check_pin(pin, "204001")


@pytest.mark.parametrize("pin", ["836194", "7093845", "918273640582"])
def test_a_random_pin_is_taken(pin: str) -> None:
    check_pin(pin, "204001")


@given(st.integers(6, 12))
def test_a_fresh_pin_passes_the_rules(digits: int) -> None:
    pin = fresh_pin("204001", digits)
    assert len(pin) == digits
    check_pin(pin, "204001")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen chars",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345",
        "password1234567",
        "Passw0rd!Passw0rd!",
        "policepolice2026!",
        "muster muster 2026",
        "Summer2026Summer2026",
        "chenyu chenyu chenyu",
        "qwertyuiopasdfghjkl",
        "Correct Horse Battery Staple",
        "204001204001204001",
        "x" * 257,
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakSecret):
        check_password(password, "204001", "Chen Yu")


@pytest.mark.parametrize(
    "password", ["the heron waits by the weir", "只有山知道河流的名字在哪里呢朋友"]
)
def test_a_sentence_is_taken_whatever_its_signs(password: str) -> None:
    check_password(password, "204001")


def test_full_width_digits_are_the_same_pin() -> None:
    assert normalised("836194") == "836194"
