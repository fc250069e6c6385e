"""The headers of tus: read exactly, refused clearly."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.errors import Malformed
from muster.kernel.uploads.errors import TusVersionUnknown
from muster.kernel.uploads.headers import (
    check_version,
    format_metadata,
    parse_checksum,
    parse_metadata,
    parse_number,
)

KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@given(st.dictionaries(KEYS, TEXTS, max_size=5))
def test_metadata_is_read_as_it_was_written(pairs: dict[str, str]) -> None:
    assert parse_metadata(format_metadata(pairs)) == pairs


def test_the_example_of_the_standard_is_read() -> None:
    header = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential"
    assert parse_metadata(header) == {
        "filename": "world_domination_plan.pdf",
        "is_confidential": "",
    }


@given(st.text(max_size=60))
def test_whatever_is_sent_is_read_or_refused_but_never_breaks(header: str) -> None:
    for parse in (parse_metadata, parse_checksum, lambda text: parse_number("Upload-Offset", text)):
        with contextlib.suppress(Malformed):
            parse(header)


@pytest.mark.parametrize("header", ["a YQ==,a YQ==", "a ???", "a /w==", "a AA==", ",", "x" * 9000])
def test_impossible_metadata_is_refused(header: str) -> None:
    with pytest.raises(Malformed):
        parse_metadata(header)


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "1e3", "٣", " 1", "9" * 30])
def test_a_length_is_a_plain_number(value: str | None) -> None:
    with pytest.raises(Malformed):
        parse_number("Upload-Length", value)


def test_a_checksum_names_a_known_algorithm_and_has_its_length() -> None:
    twenty = base64.b64encode(bytes(20)).decode()
    parsed = parse_checksum(f"sha1 {twenty}")
    assert parsed is not None
    assert parsed.matches(bytes(20))
    for wrong in (f"sha256 {twenty}", f"md5 {twenty}", "sha1", "sha1 x", ""):
        with pytest.raises(Malformed):
            parse_checksum(wrong)
    assert parse_checksum(None) is None


@pytest.mark.parametrize("version", [None, "", "0.2.2", "1.0"])
def test_another_version_is_told_which_is_spoken(version: str | None) -> None:
    with pytest.raises(TusVersionUnknown) as refused:
        check_version(version)
    assert refused.value.headers == {"Tus-Version": "1.0.0"}
