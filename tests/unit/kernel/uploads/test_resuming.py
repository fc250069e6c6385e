"""Bytes over a bad network: whatever happens on the way, the file arrives whole or not at all."""

import hashlib
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.errors import BodyTruncated
from muster.kernel.identity.actor import Actor
from muster.kernel.uploads import (
    UploadChecksumMismatch,
    UploadDigestMismatch,
    UploadGone,
    UploadOffsetMismatch,
    UploadTooBig,
)

from .conftest import Desk, Refused, Time
from .phone import Dying, Phone, checksum

CONTENT = bytes(range(256)) * 400


@pytest.fixture
def phone(kernel: Any, officer: Actor) -> Phone:
    return Phone(kernel, officer)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(min_size=1, max_size=60_000), data=st.data())
def test_any_split_into_parts_with_any_deaths_delivers_the_same_file(
    phone: Phone, evidence: Desk, content: bytes, data: st.DataObject
) -> None:
    upload = phone.begin(len(content), sha256=hashlib.sha256(content).hexdigest())
    for _ in range(data.draw(st.integers(0, 5))):
        offset = phone.offset(upload)
        end = data.draw(st.integers(offset, len(content)))
        how = data.draw(st.sampled_from(["whole", "dies", "checked", "corrupt", "chunked"]))
        if end == len(content) and how != "dies":
            break
        offer(phone, upload, offset, content[offset:end], how)
    offset = phone.offset(upload)
    assert offset < len(content)
    assert phone.send(upload, offset, content[offset:]) == len(content)
    assert phone.delivered(evidence.taken[-1]) == content


def offer(phone: Phone, upload: Any, offset: int, part: bytes, how: str) -> None:
    if how == "whole":
        phone.send(upload, offset, part)
    elif how == "chunked":
        phone.send(upload, offset, io.BytesIO(part))
    elif how == "checked":
        phone.send(upload, offset, part, checksum=checksum(part))
    elif how == "corrupt":
        with pytest.raises(UploadChecksumMismatch):
            phone.send(upload, offset, part, checksum=checksum(part + b"!"))
    elif part:
        with pytest.raises(BodyTruncated):
            phone.send(upload, offset, Dying(part[:-1]), announced=len(part))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_wrong_checksum_leaves_the_offset_and_a_right_one_moves_it(
    phone: Phone, algorithm: str
) -> None:
    upload = phone.begin(len(CONTENT))
    with pytest.raises(UploadChecksumMismatch):
        phone.send(upload, 0, CONTENT[:50], checksum=checksum(b"other", algorithm))
    assert phone.offset(upload) == 0
    right = checksum(CONTENT[:50], algorithm)
    assert phone.send(upload, 0, CONTENT[:50], checksum=right) == 50


@pytest.mark.parametrize("announced", [None, len(CONTENT)])
def test_a_body_that_is_cut_keeps_what_arrived(phone: Phone, announced: int | None) -> None:
    upload = phone.begin(len(CONTENT))
    with pytest.raises(BodyTruncated):
        phone.send(upload, 0, Dying(CONTENT[:30_000]), announced=announced)
    assert phone.offset(upload) == 30_000


def test_a_body_that_ends_early_without_an_error_is_a_cut_body(phone: Phone) -> None:
    upload = phone.begin(len(CONTENT))
    with pytest.raises(BodyTruncated):
        phone.send(upload, 0, CONTENT[:70], announced=71)
    assert phone.offset(upload) == 70


def test_a_cut_body_with_a_checksum_keeps_nothing_for_nothing_was_verified(phone: Phone) -> None:
    upload = phone.begin(len(CONTENT))
    with pytest.raises(BodyTruncated):
        phone.send(upload, 0, Dying(CONTENT[:9]), checksum=checksum(CONTENT))
    assert phone.offset(upload) == 0


def test_the_wrong_offset_is_refused_and_the_right_one_named(phone: Phone) -> None:
    upload = phone.begin(len(CONTENT))
    phone.send(upload, 0, CONTENT[:10])
    for wrong in (0, 9, 11, len(CONTENT), 10**12):
        with pytest.raises(UploadOffsetMismatch) as refused:
            phone.send(upload, wrong, b"x")
        assert refused.value.headers["Upload-Offset"] == "10"


def test_more_than_announced_is_refused(phone: Phone, evidence: Desk) -> None:
    upload = phone.begin(10)
    with pytest.raises(UploadTooBig):
        phone.send(upload, 0, b"x" * 11)
    with pytest.raises(UploadTooBig):
        phone.send(upload, 0, io.BytesIO(b"x" * 11))
    assert not evidence.taken


def test_a_file_that_is_not_the_announced_one_is_discarded(phone: Phone, evidence: Desk) -> None:
    upload = phone.begin(5, sha256=hashlib.sha256(b"right").hexdigest())
    with pytest.raises(UploadDigestMismatch):
        phone.send(upload, 0, b"wrong")
    with pytest.raises(UploadGone):
        phone.offset(upload)
    assert not evidence.taken


def test_the_full_length_shows_only_once_the_target_has_the_file(
    phone: Phone, evidence: Desk
) -> None:
    upload = phone.begin(len(CONTENT))
    evidence.open = False
    with pytest.raises(Refused):
        phone.send(upload, 0, CONTENT)
    assert phone.offset(upload) == len(CONTENT) - 1
    evidence.open = True
    assert phone.send(upload, len(CONTENT) - 1, CONTENT[-1:]) == len(CONTENT)
    assert phone.delivered(evidence.taken[0]) == CONTENT


def test_a_client_that_missed_the_last_answer_learns_that_all_is_well(
    phone: Phone, evidence: Desk
) -> None:
    upload = phone.begin(5)
    phone.send(upload, 0, b"whole")
    assert phone.offset(upload) == 5
    assert phone.send(upload, 5, b"") == 5
    with pytest.raises(UploadOffsetMismatch):
        phone.send(upload, 4, b"e")
    assert len(evidence.taken) == 1


def test_a_shared_target_gets_a_shared_object(phone: Phone, maps: Desk, kernel: Any) -> None:
    upload = phone.begin(5, target="maps", filetype="image/png")
    phone.send(upload, 0, b"whole")
    assert b"".join(kernel.blobs.open_shared(hashlib.sha256(b"whole").hexdigest())) == b"whole"
    with kernel.reads() as uow:
        assert kernel.blobs.get(uow, maps.taken[0]).media_type == "image/png"


def test_nothing_is_left_on_the_disk_after_the_end(phone: Phone, kernel: Any) -> None:
    for end in (lambda u: phone.send(u, 0, b"whole"), phone.give_up):
        end(phone.begin(5))
    upload = phone.begin(5)
    phone.send(upload, 0, b"wh")
    phone.give_up(upload)
    assert list((kernel.settings.state_dir / "uploads").iterdir()) == []


def test_a_lost_file_is_told_and_not_patched_with_zeros(phone: Phone, kernel: Any) -> None:
    upload = phone.begin(5)
    phone.send(upload, 0, b"wh")
    (kernel.settings.state_dir / "uploads" / upload.hex).unlink()
    with pytest.raises(UploadGone):
        phone.send(upload, 2, b"ole")


def test_an_upload_stays_a_week_after_its_last_byte(phone: Phone, time: Time) -> None:
    upload = phone.begin(5)
    time.passes(days=6)
    phone.send(upload, 0, b"wh")
    time.passes(days=6)
    assert phone.offset(upload) == 2
    time.passes(days=1)
    with pytest.raises(UploadGone):
        phone.offset(upload)
    with pytest.raises(UploadGone):
        phone.send(upload, 2, b"ole")
