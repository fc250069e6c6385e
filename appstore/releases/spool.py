"""An upload on its way in: one file on the local disk, gone when it has been dealt with."""

import errno
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def spooled(settings: Settings, content: Iterable[bytes]) -> Iterator[Path]:
    """Write a content to a file of its own, piece by piece, and remove it at the end.

    Raises `StorageFull`, and whatever reading the content raises.
    """
    path = _folder(settings) / uuid7().hex
    try:
        with path.open("xb") as file:
            _fill(file.write, content)
        yield path
    finally:
        path.unlink(missing_ok=True)


def tidy(settings: Settings, now: datetime) -> int:
    """Remove what killed processes left behind; return how many files went."""
    late = (now - _ABANDONED).astimezone(UTC).timestamp()
    old = [path for path in _folder(settings).iterdir() if path.stat().st_mtime < late]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder(settings: Settings) -> Path:
    folder = settings.state_dir / "appstore" / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fill(write: Callable[[bytes], int], content: Iterable[bytes]) -> None:
    for piece in content:
        try:
            write(piece)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFull from error
            raise
