"""An upload on its way in leaves nothing behind, however it ends."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appstore.releases.spool import spooled, tidy
from muster.kernel.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        master_key=bytes(range(7, 39)),
        state_dir=tmp_path,
        database_url="sqlite://",
        origin="http://localhost:8000",
        blob_url=f"file://{tmp_path}/blobs",
    )


def left(settings: Settings) -> list[Path]:
    return [path for path in settings.state_dir.rglob("*") if path.is_file()]


def test_the_file_is_there_while_it_is_needed(settings: Settings) -> None:
    with spooled(settings, [b"PK", b"rest"]) as upload:
        assert upload.path.read_bytes() == b"PKrest"
        assert upload.sha256 == hashlib.sha256(b"PKrest").hexdigest()
        (upload.folder / "0.apk").write_bytes(b"unpacked")
    assert left(settings) == []


def test_a_broken_connection_leaves_nothing(settings: Settings) -> None:
    def dying() -> Iterator[bytes]:
        yield b"PK"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError), spooled(settings, dying()):
        pass
    assert left(settings) == []


def test_what_a_killed_process_left_is_tidied_after_a_day(settings: Settings) -> None:
    with spooled(settings, [b"new"]) as new:
        old = new.path.parent.with_name("abandoned")
        old.mkdir()
        (old / "upload").write_bytes(b"old")
        now = datetime.now(UTC)
        before = (now - timedelta(days=2)).timestamp()
        os.utime(old, (before, before))
        assert tidy(settings, now) == 1
        assert left(settings) == [new.path]
