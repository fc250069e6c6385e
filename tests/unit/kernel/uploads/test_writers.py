"""Who may write: one request at a time, and only the officer and terminal that began."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from muster.kernel.errors import InvalidInput, NotFound
from muster.kernel.guard import Denied
from muster.kernel.identity.actor import Actor
from muster.kernel.uploads import (
    UploadGone,
    UploadLocked,
    UploadQuotaExceeded,
    UploadTargetUnknown,
    UploadTooBig,
    service,
    sweep,
)

from .conftest import Desk, Refused, Time
from .phone import Hanging, Phone


@pytest.fixture
def phone(kernel: Any, officer: Actor) -> Phone:
    return Phone(kernel, officer)


@contextmanager
def writing(phone: Phone, upload: UUID, body: Hanging) -> Iterator[Future[int]]:
    """A request that has sent its first bytes and now hangs in a dead zone."""
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(phone.send, upload, 0, body)
        request.add_done_callback(lambda _: body.hangs.set())
        assert body.hangs.wait(20)
        try:
            yield request
        finally:
            body.go_on.set()


def test_a_second_writer_is_told_to_wait(phone: Phone) -> None:
    upload, body = phone.begin(10), Hanging(b"12345")
    with writing(phone, upload, body) as first:
        with pytest.raises(UploadLocked) as refused:
            phone.send(upload, 0, b"12345")
        assert int(refused.value.headers["Retry-After"]) > 0
        assert phone.offset(upload) == 0
        body.go_on.set()
        assert first.result() == 5
    assert phone.send(upload, 5, b"67890") == 10


def test_two_requests_at_the_same_moment_have_one_winner(phone: Phone) -> None:
    upload, start = phone.begin(10), threading.Barrier(2)
    together = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        racers = [pool.submit(attempt, phone, upload, start, together) for _ in range(2)]
        outcomes = sorted(racer.result() for racer in racers)
    assert outcomes == ["locked", "wrote"]


def attempt(phone: Phone, upload: UUID, start: threading.Barrier, together: threading.Event) -> str:
    class Patient:
        """Ends only after the other request had its turn."""

        def read(self, size: int, /) -> bytes:
            assert together.wait(20)
            return b""

    start.wait()
    try:
        phone.send(upload, 0, Patient())
    except UploadLocked:
        together.set()
        return "locked"
    return "wrote"


def test_a_dead_request_is_taken_over_and_cannot_spoil_the_file_when_it_wakes(
    phone: Phone, evidence: Desk, time: Time
) -> None:
    upload, dead = phone.begin(10), Hanging(b"12", then=b"XXXXXXXX")
    with writing(phone, upload, dead) as first:
        time.passes(seconds=11)
        assert phone.send(upload, 0, b"12345") == 5
        dead.go_on.set()
        with pytest.raises(UploadLocked):
            first.result()
        assert phone.offset(upload) == 5
        assert phone.send(upload, 5, b"67890") == 10
    assert phone.delivered(evidence.taken[0]) == b"1234567890"


def test_a_writer_whose_upload_was_given_up_stops(phone: Phone, evidence: Desk) -> None:
    upload, body = phone.begin(5), Hanging(b"12", then=b"345")
    with writing(phone, upload, body) as request:
        phone.give_up(upload)
        body.go_on.set()
        with pytest.raises(UploadLocked):
            request.result()
    assert not evidence.taken
    with pytest.raises(UploadGone):
        phone.offset(upload)


def test_nobody_else_may_look_write_or_delete(
    kernel: Any, phone: Phone, officer: Actor, stranger: Actor
) -> None:
    upload = phone.begin(5)
    same_phone = replace(stranger, device=officer.device)
    other_phone = replace(officer, device=stranger.device)
    for actor in (stranger, same_phone, other_phone):
        other = Phone(kernel, actor)
        with pytest.raises(Denied):
            other.offset(upload)
        with pytest.raises(Denied):
            other.send(upload, 0, b"12345")
        with pytest.raises(Denied):
            other.give_up(upload)
    assert phone.offset(upload) == 0


def test_an_unknown_upload_is_not_found(phone: Phone) -> None:
    with pytest.raises(NotFound):
        phone.send(uuid4(), 0, b"x")


def test_the_target_decides_who_may_begin(phone: Phone) -> None:
    with pytest.raises(Refused):
        phone.begin(5, filename="forbidden")
    with pytest.raises(UploadTargetUnknown):
        phone.begin(5, target="nowhere")
    with pytest.raises(UploadTooBig):
        phone.begin(1_000_001)


@pytest.mark.parametrize("digest", ["abc", "g" * 64, "0" * 63])
def test_an_impossible_digest_or_an_empty_file_is_refused_at_the_start(
    phone: Phone, digest: str
) -> None:
    with pytest.raises(InvalidInput):
        phone.begin(5, sha256=digest)
    with pytest.raises(InvalidInput):
        phone.begin(0)


def test_the_quota_counts_what_is_open_and_only_that(
    phone: Phone, kernel: Any, stranger: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "QUOTA_BYTES", 12)
    upload = phone.begin(10)
    with pytest.raises(UploadQuotaExceeded):
        phone.begin(5)
    Phone(kernel, stranger).begin(5)
    phone.send(upload, 0, b"1234567890")
    phone.begin(5)


def test_the_number_of_open_uploads_is_bounded(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "QUOTA_OPEN", 1)
    upload = phone.begin(5)
    with pytest.raises(UploadQuotaExceeded):
        phone.begin(5)
    phone.give_up(upload)
    phone.begin(5)


def test_the_sweep_forgets_what_expired_and_nothing_else(
    phone: Phone, kernel: Any, time: Time
) -> None:
    old = phone.begin(5)
    phone.send(old, 0, b"12")
    time.passes(days=6)
    young = phone.begin(5)
    phone.send(young, 0, b"12")
    time.passes(days=1, seconds=1)
    sweep(kernel, {})
    folder = kernel.settings.state_dir / "uploads"
    assert [path.name for path in folder.iterdir()] == [young.hex]
    with pytest.raises(NotFound):
        phone.offset(old)
    assert phone.send(young, 2, b"345") == 5


def test_no_connection_is_held_while_a_slow_phone_sends(phone: Phone, kernel: Any) -> None:
    upload, held = phone.begin(10), []

    class Slow:
        """A body that looks, while it is read, how many connections are in use."""

        def read(self, size: int, /) -> bytes:
            held.append(kernel.db.engine.pool.checkedout())
            return b"12345" if len(held) == 1 else b""

    assert phone.send(upload, 0, Slow()) == 5
    assert set(held) == {0}
