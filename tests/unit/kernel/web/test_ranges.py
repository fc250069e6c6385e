"""Ranges of a package (RFC 9110 §14), so that a cut download goes on where it stopped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_range_header

from muster.kernel.web.ranges import RangeNotSatisfiable, wanted

SIZE, ETAG = 1000, "e" * 64


def asked(header: str, condition: str = "") -> tuple[int, int]:
    part = wanted(parse_range_header(header), condition, ETAG, SIZE)
    return part.start, part.length


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=400-", (400, 600)),
        ("bytes=-100", (900, 100)),
        ("bytes=900-5000", (900, 100)),
        ("bytes=0-1,5-6", (0, SIZE)),
        ("lines=1-2", (0, SIZE)),
        ("bytes=9-4", (0, SIZE)),
        ("", (0, SIZE)),
    ],
)
def test_one_range_is_honoured_and_all_else_gets_the_whole(
    header: str, part: tuple[int, int]
) -> None:
    assert asked(header) == part


def test_a_range_of_an_older_build_gets_the_whole_new_one() -> None:
    assert asked("bytes=400-", f'"{ETAG}"') == (400, 600)
    assert asked("bytes=400-", '"another"') == (0, SIZE)
    assert asked("bytes=400-", f'W/"{ETAG}"') == (0, SIZE)
    assert asked("bytes=400-", "Sat, 29 Oct 1994 19:43:31 GMT") == (0, SIZE)


def test_a_range_beyond_the_end_is_refused_with_the_size() -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        asked("bytes=1000-")
    assert refused.value.headers == {"Content-Range": "bytes */1000"}


@given(start=st.integers(0, 1200), end=st.integers(0, 1200))
def test_a_part_lies_inside_the_content(start: int, end: int) -> None:
    try:
        first, length = asked(f"bytes={start}-{end}")
    except RangeNotSatisfiable:
        assert start >= SIZE
        return
    assert 0 <= first < SIZE
    assert 0 < length <= SIZE - first
