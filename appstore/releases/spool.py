"""An upload on its way in: a folder of its own on the local disk, gone when it was dealt with."""

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from muster.kernel.ids import uuid7
from muster.kernel.settings import Settings
from muster.kernel.uploads import StorageFull

LIMIT: Final = 200 * 2**20
"""The largest APK in bytes."""
_ABANDONED: Final = timedelta(days=1)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True)
class Spooled:
    """A file that came in, its SHA-256 in hex, and an empty folder to unpack it into."""

    path: Path
    sha256: str
    folder: Path


@contextmanager
def spooled(settings: Settings, content: Iterable[bytes]) -> Iterator[Spooled]:
    """Write a content to a file of its own, piece by piece, and remove it at the end.

    Raises `StorageFull`, and whatever reading the content raises.
    """
    room = _spool(settings) / uuid7().hex
    path, folder, digest = room / "upload", room / "unpacked", hashlib.sha256()
    try:
        folder.mkdir(parents=True)
        with path.open("xb") as file:
            for piece in content:
                digest.update(piece)
                _write(file.write, piece)
        yield Spooled(path, digest.hexdigest(), folder)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def tidy(settings: Settings, now: datetime) -> int:
    """Remove what killed processes left behind; return how many uploads went."""
    late = (now - _ABANDONED).astimezone(UTC).timestamp()
    old = [room for room in _spool(settings).iterdir() if room.stat().st_mtime < late]
    for room in old:
        if room.is_dir():
            shutil.rmtree(room, ignore_errors=True)
        else:
            room.unlink(missing_ok=True)
    return len(old)


def _spool(settings: Settings) -> Path:
    folder = settings.state_dir / "appstore" / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(write: Callable[[bytes], int], piece: bytes) -> None:
    try:
        write(piece)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise
