"""Whoever mends an app learns what broke, and nothing about anybody."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.telemetry.scrubbing import scrub

DIGITS = st.sampled_from(string.digits)
AROUND = st.text("abcxyz .,:()[]{}=\n\"'", max_size=12)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


PERSONAL = st.one_of(
    st.builds(lambda rest: f"138{rest}", digits(8)),
    st.builds(lambda a, b: f"+86 139{a} {b}", digits(4), digits(4)),
    st.builds(lambda rest: f"110101{rest}X", digits(11)),
    digits(18),
    st.builds(lambda who: f"{who}@police.example", st.text("abc.", min_size=1, max_size=9)),
    st.builds(lambda rest: f"沪A{rest}", digits(5)),
    st.builds(lambda a, b: f"31.{a},121.{b}", digits(6), digits(6)),
    st.builds(lambda rest: f"Bearer {rest}", st.text("abcDEF123", min_size=20, max_size=40)),
    st.builds(lambda rest: f"eyJ{rest}.{rest}.x", st.text("abc", min_size=8, max_size=12)),
    st.builds(lambda rest: f"password={rest}", st.text("abcDEF", min_size=3, max_size=20)),
)


@given(AROUND, PERSONAL, AROUND)
def test_nothing_personal_is_left_wherever_it_stands(
    before: str, personal: str, after: str
) -> None:
    assert personal not in scrub(f"{before} {personal} {after}")


@given(AROUND, PERSONAL, AROUND)
def test_what_is_scrubbed_stays_as_it_is(before: str, personal: str, after: str) -> None:
    once = scrub(f"{before} {personal} {after}")
    assert scrub(once) == once


@pytest.mark.parametrize(
    "line",
    [
        "java.lang.IllegalStateException: no record 42",
        "    at org.muster.field.Form.save(Form.kt:118)",
        "#03 pc 0000000000012345  /apex/lib64/libc.so (abort+164)",
        'File "/app/main.py", line 7, in run',
        "2026-11-20 08:15:30.123 timeout after 30000 ms, version 1.10.2",
    ],
)
def test_what_a_developer_needs_is_left_alone(line: str) -> None:
    assert scrub(line) == line


def test_the_rest_of_a_message_can_still_be_read() -> None:
    told = "call 13812345678 for 110101199003071234, 沪A12345 at 31.230416, 121.473701 pin: 4711"
    assert scrub(told) == "call [phone] for [id], [plate] at [coordinates] [token]"
