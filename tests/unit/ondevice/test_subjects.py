"""How identifiers are read at the roadside."""

import hashlib
import hmac
import logging
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.ondevice import (
    Subject,
    SubjectError,
    SubjectKind,
    blind,
    folded_form,
    name_text,
    normalise,
)

CHECK = "10X98765432"
WEIGHTS = [pow(2, 17 - i, 11) for i in range(17)]
KEY = bytes(range(32))


def with_check(body: str) -> str:
    """ISO 7064 MOD 11-2, by its definition rather than by the table of weights."""
    return body + CHECK[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


@st.composite
def person_ids(draw: st.DrawFn) -> str:
    division = draw(st.sampled_from(["110105", "370202", "440103", "510104", "810000", "450302"]))
    born = draw(st.dates(date(1935, 1, 1), date(2012, 12, 31)))
    return with_check(f"{division}{born:%Y%m%d}{draw(st.integers(0, 999)):03}")


def read(kind: str, raw: str) -> tuple[str, bool]:
    reading = normalise(kind, raw)
    return reading.subject.normal_form, reading.valid


@given(person_ids())
def test_every_real_identity_number_is_accepted(number: str) -> None:
    assert read("person_id", number) == (number, True)
    assert read("person_id", f" {number[:6]}-{number[6:14]} {number[14:].lower()}") == (
        number,
        True,
    )


@settings(max_examples=25)
@given(person_ids(), st.integers(0, 17))
def test_a_wrong_digit_is_caught_and_the_right_number_offered(number: str, place: int) -> None:
    for digit in set("0123456789") - {number[place]}:
        reading = normalise("person_id", number[:place] + digit + number[place + 1 :])
        assert not reading.valid
        assert number in reading.suggestions


@settings(max_examples=25)
@given(person_ids())
def test_two_swapped_digits_are_caught_and_mended(number: str) -> None:
    for i in range(17):
        swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        if swapped != number:
            reading = normalise("person_id", swapped)
            assert not reading.valid
            assert number in reading.suggestions


@settings(max_examples=25)
@given(person_ids(), st.integers(0, 17))
def test_a_missing_or_doubled_digit_is_mended(number: str, place: int) -> None:
    assert number in normalise("person_id", number[:place] + number[place + 1 :]).suggestions
    assert (
        number
        in normalise("person_id", number[:place] + number[place] + number[place:]).suggestions
    )


@settings(max_examples=25)
@given(person_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_suggestion_is_itself_valid(number: str, place: int, digit: str) -> None:
    reading = normalise("person_id", number[:place] + digit + number[place + 1 :])
    assert all(normalise("person_id", offer).valid for offer in reading.suggestions)


def test_the_fifteen_digits_of_an_old_card_become_eighteen() -> None:
    assert read("person_id", "110105491231002") == ("11010519491231002X", True)
    assert normalise("person_id", "110105491331002").valid is False


@pytest.mark.parametrize("body", ["11010519490231002", "99010519491231002", "00010519491231002"])
def test_a_fitting_check_character_does_not_excuse_a_false_date_or_province(body: str) -> None:
    assert read("person_id", with_check(body)) == (with_check(body), False)


def test_the_golden_vin_is_accepted_and_a_slip_in_it_is_not() -> None:
    assert read("vin", "1m8gdm9axkp042788") == ("1M8GDM9AXKP042788", True)
    assert read("vin", "*1M8GDM9A-XKP042788*") == ("1M8GDM9AXKP042788", True)
    assert read("vin", "1M8GDM9AXKP042789") == ("1M8GDM9AXKP042789", False)


def test_the_check_digit_only_warns_outside_north_america() -> None:
    reading = normalise("vin", "LSVAA49J232047371")
    assert reading.valid
    assert "check digit" in (reading.note or "")


def test_letters_no_vin_has_are_offered_as_digits() -> None:
    reading = normalise("vin", "IM8GDM9AXKPO42788")
    assert (reading.valid, reading.suggestions) == (False, ("1M8GDM9AXKP042788",))


@pytest.mark.parametrize(
    ("raw", "plate"),
    [
        ("粤B·12345", "粤B12345"),
        ("京a d12345", "京AD12345"),
        ("粤Z1234港", "粤Z1234港"),
        ("沪A1234警", "沪A1234警"),
        ("\uff22\uff18 \uff33\uff21\uff29\uff2c", "B8SAIL"),
        ("B-MW 1234", "BMW1234"),
    ],
)
def test_plates_lose_dots_and_blanks(raw: str, plate: str) -> None:
    assert read("plate", raw) == (plate, True)


def test_a_chinese_plate_never_has_i_or_o() -> None:
    reading = normalise("plate", "粤BO23I5")
    assert (reading.valid, reading.suggestions) == (False, ("粤B02315",))
    assert not normalise("plate", "粤B123").valid


@given(st.text("0OQD1IL2Z5S6GC8BVYA37", min_size=5, max_size=8), st.data())
def test_look_alike_characters_share_one_folded_key(plate: str, data: st.DataObject) -> None:
    groups = ["0OQD", "1IL", "2Z", "5S", "6GC", "8B", "VY", "A", "3", "7"]
    misread = "".join(
        data.draw(st.sampled_from(next(group for group in groups if c in group))) for c in plate
    )
    assert normalise("plate", misread).folded == normalise("plate", plate).folded


def test_imeis_of_14_15_and_16_digits_are_one_telephone() -> None:
    wanted = ("490154203237518", True)
    assert read("imei", "49-015420-323751-8") == wanted
    assert read("imei", "49015420323751") == wanted
    assert read("imei", "4901542032375100") == wanted
    assert read("imei", "490154203237517") == ("490154203237517", False)


@pytest.mark.parametrize(
    ("raw", "number", "valid"),
    [
        ("138 0013 8000", "+8613800138000", True),
        ("+86 138-0013-8000", "+8613800138000", True),
        ("0086 13800138000", "+8613800138000", True),
        ("+44 (0)20 7946 0958", "+442079460958", True),
        ("010-12345678", "01012345678", True),
        ("+1 415 555 0100", "+14155550100", True),
        (
            "\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668\u0660\u0660\u0660",
            "+8613800138000",
            True,
        ),
        ("1234567890123456789", "1234567890123456789", False),
    ],
)
def test_telephone_numbers_take_their_international_form(
    raw: str, number: str, valid: bool
) -> None:
    assert read("phone", raw) == (number, valid)


def test_papers_and_serials_keep_letters_and_digits_only() -> None:
    assert read("document", "e 1234-5678") == ("E12345678", True)
    assert read("serial", "AB.C/0123") == ("ABC0123", True)
    assert normalise("serial", "A8C0I23").folded == normalise("serial", "ABCO123").folded
    assert not normalise("document", "PASSPORT").valid


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        ("Zhang  Wei 1978-03-04", "ZHANG WEI|1978-03-04"),
        ("张 伟 19780304", "张伟|1978-03-04"),
        ("张伟1978", "张伟|1978"),
        ("O'Brien, Jean-Luc 1978/3/4", "OBRIEN JEAN LUC|1978-03-04"),
        ("买买提·阿不都", "买买提阿不都"),
    ],
)
def test_names_are_read_with_their_date_of_birth(raw: str, form: str) -> None:
    assert read("name", raw) == (form, True)


def test_a_name_from_a_forms_two_fields_reads_the_same() -> None:
    assert read("name", name_text("Zhang Wei", date(1978, 3, 4))) == ("ZHANG WEI|1978-03-04", True)


def test_either_order_of_names_and_accents_share_one_folded_key() -> None:
    assert (
        normalise("name", "José Núñez 1978").folded == normalise("name", "nunez jose 1978").folded
    )


def test_an_impossible_date_of_birth_is_told() -> None:
    reading = normalise("name", "Zhang Wei 1978-02-30")
    assert not reading.valid
    assert "date of birth" in (reading.note or "")


@given(st.sampled_from(SubjectKind), st.text(max_size=30))
def test_any_text_is_read_or_clearly_refused_and_reading_twice_changes_nothing(
    kind: SubjectKind, raw: str
) -> None:
    try:
        once = normalise(kind, raw)
    except SubjectError:
        return
    again = normalise(kind, once.subject.normal_form)
    assert again.subject == once.subject
    assert once.folded == folded_form(once.subject)


@pytest.mark.parametrize(("kind", "raw"), [("iris", "x"), ("plate", " - "), ("vin", "1" * 201)])
def test_what_is_no_identifier_at_all_is_refused(kind: str, raw: str) -> None:
    with pytest.raises(SubjectError):
        normalise(kind, raw)


def test_the_blind_key_differs_by_kind_by_form_and_by_key() -> None:
    plate = Subject(SubjectKind.PLATE, "ABC123")
    keys = {
        blind(plate, KEY),
        blind(Subject(SubjectKind.SERIAL, "ABC123"), KEY),
        blind(Subject(SubjectKind.PLATE, "ABC124"), KEY),
        blind(plate, KEY[::-1]),
    }
    assert len(keys) == 4
    assert blind(plate, KEY) == hmac.new(KEY, b"plate\0ABC123", hashlib.sha256).hexdigest()
    with pytest.raises(SubjectError, match="32 bytes"):
        blind(plate, b"short")


def test_a_subject_in_a_log_line_does_not_show_its_identifier(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("asked about %r", normalise("plate", "粤B12345"))
    assert "12345" not in caplog.text
