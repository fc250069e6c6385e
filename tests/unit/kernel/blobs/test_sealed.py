"""Sealed objects: nobody reads them without the key, nobody changes them unnoticed."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.kernel.blobs import Blob, BlobDamaged, BlobErased, BlobMissing, Blobs, Store
from muster.kernel.blobs import sealed as sealing
from muster.kernel.blobs.folder import Folder
from muster.kernel.db import Mode
from muster.kernel.uow import UnitOfWork

Unit = Callable[..., UnitOfWork]
CHUNK = sealing.CHUNK
RECORD = CHUNK + sealing.TAG
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 5]


def content(size: int) -> bytes:
    return (b"what the camera saw " * (size // 20 + 1))[:size]


def stored_bytes(store: Store, blob: Blob) -> bytes:
    return b"".join(store.read(blob.store_key))


def replace(store: Store, blob: Blob, new: bytes) -> None:
    staged = store.staging.new()
    staged.write_bytes(new)
    store.put(blob.store_key, staged)


def read(blobs: Blobs, unit: Unit, blob: Blob) -> bytes:
    with unit(Mode.READS) as uow:
        return b"".join(blobs.read_sealed(uow, blob.id))


@pytest.fixture
def video(blobs: Blobs, unit: Unit) -> Blob:
    with unit() as uow:
        return blobs.put_sealed(uow, content(3 * CHUNK + 9), "video/mp4")


@pytest.mark.parametrize("size", EDGES)
def test_what_is_sealed_comes_back(blobs: Blobs, unit: Unit, store: Store, size: int) -> None:
    with unit() as uow:
        blob = blobs.put_sealed(uow, content(size), "video/mp4")
    assert read(blobs, unit, blob) == content(size)
    assert (blob.size, blob.sha256) == (size, hashlib.sha256(content(size)).hexdigest())
    assert store.size(blob.store_key) == sealing.stored_size(size)


def test_the_store_never_sees_the_content(blobs: Blobs, store: Store, video: Blob) -> None:
    assert b"camera" not in stored_bytes(store, video)


def test_the_same_content_twice_is_two_objects(blobs: Blobs, unit: Unit, store: Store) -> None:
    with unit() as uow:
        one, two = (blobs.put_sealed(uow, b"same", "text/plain") for _ in range(2))
    assert stored_bytes(store, one) != stored_bytes(store, two)


@settings(max_examples=60, deadline=None)
@given(
    size=st.sampled_from(EDGES),
    offset=st.integers(0, 3 * CHUNK),
    length=st.none() | st.integers(0, 2 * CHUNK),
)
def test_a_range_is_the_slice(
    tmp_path_factory: pytest.TempPathFactory, size: int, offset: int, length: int | None
) -> None:
    folder: Path = tmp_path_factory.getbasetemp() / "ranges"
    store, plain = Folder(folder), content(size)
    put = sealing.write(store, plain)
    assert put.object_key is not None
    described = sealing.Sealed(put.id, put.store_key, put.size, put.object_key)
    end = None if length is None else offset + length
    assert b"".join(sealing.read(store, described, offset, length)) == plain[offset:end]


def cut_last_chunk(raw: bytes) -> bytes:
    return raw[: 1 + 3 * RECORD]


def cut_a_byte(raw: bytes) -> bytes:
    return raw[:-1]


def add_a_byte(raw: bytes) -> bytes:
    return raw + b"\0"


def swap_chunks(raw: bytes) -> bytes:
    return raw[:1] + raw[1 + RECORD : 1 + 2 * RECORD] + raw[1 : 1 + RECORD] + raw[1 + 2 * RECORD :]


def repeat_a_chunk(raw: bytes) -> bytes:
    return raw[: 1 + RECORD] + raw[1 : 1 + RECORD] + raw[1 + 2 * RECORD :]


def other_version(raw: bytes) -> bytes:
    return b"\x02" + raw[1:]


def nothing_left(raw: bytes) -> bytes:
    return b""


@pytest.mark.parametrize(
    "harm",
    [
        cut_last_chunk,
        cut_a_byte,
        add_a_byte,
        swap_chunks,
        repeat_a_chunk,
        other_version,
        nothing_left,
    ],
)
def test_a_changed_object_is_refused(
    blobs: Blobs, unit: Unit, store: Store, video: Blob, harm: Callable[[bytes], bytes]
) -> None:
    replace(store, video, harm(stored_bytes(store, video)))
    with pytest.raises(BlobDamaged):
        read(blobs, unit, video)


@pytest.mark.parametrize("at", [1, RECORD, 1 + RECORD, 1 + 2 * RECORD + 77, -1])
def test_a_flipped_bit_is_refused(
    blobs: Blobs, unit: Unit, store: Store, video: Blob, at: int
) -> None:
    raw = bytearray(stored_bytes(store, video))
    raw[at] ^= 4
    replace(store, video, bytes(raw))
    with pytest.raises(BlobDamaged):
        read(blobs, unit, video)


def test_a_row_that_lies_about_the_length_does_not_hide_a_cut(
    blobs: Blobs, unit: Unit, store: Store, video: Blob
) -> None:
    replace(store, video, cut_last_chunk(stored_bytes(store, video)))
    with unit() as uow:
        blobs.get(uow, video.id).size = 3 * CHUNK
    with pytest.raises(BlobDamaged):
        read(blobs, unit, video)


def test_the_key_of_another_object_does_not_open_it(blobs: Blobs, unit: Unit, video: Blob) -> None:
    with unit() as uow:
        other = blobs.put_sealed(uow, b"other", "text/plain")
        blobs.get(uow, video.id).wrapped_key = other.wrapped_key
    with pytest.raises(BlobDamaged):
        read(blobs, unit, video)


def test_bytes_moved_under_another_row_do_not_open(
    blobs: Blobs, unit: Unit, store: Store, video: Blob
) -> None:
    with unit() as uow:
        other = blobs.put_sealed(uow, content(video.size), "video/mp4")
    replace(store, video, stored_bytes(store, other))
    with pytest.raises(BlobDamaged):
        read(blobs, unit, video)


def test_an_erased_object_stays_erased_even_with_its_bytes_restored(
    blobs: Blobs, unit: Unit, store: Store, video: Blob
) -> None:
    backup = stored_bytes(store, video)
    with unit() as uow:
        blobs.erase(uow, video.id)
    with pytest.raises(FileNotFoundError):
        store.size(video.store_key)
    replace(store, video, backup)
    with pytest.raises(BlobErased):
        read(blobs, unit, video)
    with unit(Mode.READS) as uow:
        row = blobs.get(uow, video.id)
        assert row.wrapped_key is None
        assert row.erased_at is not None


def test_an_erasure_that_is_rolled_back_erases_nothing(
    blobs: Blobs, unit: Unit, video: Blob
) -> None:
    uow = unit()
    blobs.erase(uow, video.id)
    uow.rollback()
    uow.close()
    assert read(blobs, unit, video) == content(video.size)


def test_the_sweep_takes_only_what_no_readable_row_names(
    blobs: Blobs, unit: Unit, store: Store, video: Blob
) -> None:
    orphan = blobs.store_sealed(b"never recorded")
    for age, expected in ((-1, 0), (1, 1), (1, 0)):
        with unit(Mode.READS) as uow:
            assert blobs.sweep(uow, datetime.now(UTC) + timedelta(minutes=age)) == expected
    with pytest.raises(FileNotFoundError):
        store.size(orphan.store_key)
    assert read(blobs, unit, video) == content(video.size)


def test_a_shared_object_is_not_read_or_erased_as_a_sealed_one(blobs: Blobs, unit: Unit) -> None:
    with unit() as uow:
        shared = blobs.put_shared(uow, b"app", "application/zip")
        with pytest.raises(BlobMissing):
            blobs.erase(uow, shared.id)
        with pytest.raises(BlobMissing):
            blobs.read_sealed(uow, shared.id)


def test_stored_bytes_never_show_their_key(blobs: Blobs) -> None:
    stored = blobs.store_sealed(b"x")
    assert stored.object_key is not None
    assert repr(stored.object_key) not in repr(stored)
