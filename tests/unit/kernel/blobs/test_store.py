"""The stores: a folder and a bucket answer alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.blobs import Store, open_store
from muster.kernel.blobs.folder import Folder
from muster.kernel.settings import SettingsError


def put(store: Store, key: str, content: bytes) -> None:
    staged = store.staging.new()
    staged.write_bytes(content)
    store.put(key, staged)
    assert not staged.exists()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=64),
    offset=st.integers(0, 80),
    length=st.none() | st.integers(0, 80),
)
def test_a_range_is_the_slice(
    store: Store, content: bytes, offset: int, length: int | None
) -> None:
    put(store, "a/b", content)
    end = None if length is None else offset + length
    assert b"".join(store.read("a/b", offset, length)) == content[offset:end]
    assert store.size("a/b") == len(content)


def test_a_large_object_comes_back_in_small_pieces(store: Store) -> None:
    content = bytes(range(256)) * 5000
    put(store, "large", content)
    pieces = list(store.read("large"))
    assert b"".join(pieces) == content


def test_an_absent_object_is_refused_at_the_call(store: Store) -> None:
    for ask in (store.read, store.size, store.path):
        with pytest.raises(FileNotFoundError):
            ask("nothing")
    store.delete("nothing")


def test_a_deleted_object_is_gone(store: Store) -> None:
    put(store, "a/b", b"x")
    store.delete("a/b")
    with pytest.raises(FileNotFoundError):
        store.size("a/b")


def test_objects_are_listed_by_folder_and_age(store: Store) -> None:
    put(store, "sealed/1", b"x")
    put(store, "sha256/2", b"y")
    soon, before = (datetime.now(UTC) + timedelta(minutes=sign) for sign in (1, -1))
    assert list(store.keys("sealed", soon)) == ["sealed/1"]
    assert list(store.keys("sealed", before)) == []


def test_old_staging_files_are_tidied_away(store: Store) -> None:
    left = store.staging.new()
    store.staging.tidy(datetime.now(UTC) - timedelta(minutes=1))
    assert left.exists()
    store.staging.tidy(datetime.now(UTC) + timedelta(minutes=1))
    assert not left.exists()


def test_the_setting_names_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with 100 % of #odd names"
    store = open_store(f"file://{folder}")
    assert isinstance(store, Folder)
    put(store, "a", b"x")
    assert store.path("a") == folder / "a"


@pytest.mark.parametrize("url", ["", "/var/blobs", "file://relative", "ftp://x/y", "s3://"])
def test_a_setting_that_names_no_store_stops_the_boot(url: str) -> None:
    with pytest.raises(SettingsError, match="MUSTER_BLOB_URL"):
        open_store(url)
