"""Objects in a local folder: written aside, synced, renamed, and the folder synced too.

Done here and not by obstore, whose LocalStore renames without any fsync (0.12: its engine has the
option, the Python binding does not offer it), so that a power cut could leave an empty object.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from muster.kernel.blobs.staging import Staging, written_at
from muster.kernel.blobs.stored import PIECE


class Folder:
    """A store in one folder of a local disk; staging files lie on the same disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.staging = Staging(root / "staging")

    def put(self, key: str, staged: Path) -> None:
        target = self._root / key
        _make_folder(target.parent)
        _sync(staged)
        staged.replace(target)
        _sync(target.parent)

    def read(self, key: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        left = self.size(key) - offset

        def stream(left: int) -> Iterator[bytes]:
            with (self._root / key).open("rb") as file:
                file.seek(offset)
                while left > 0 and (piece := file.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece

        return stream(left if length is None else min(length, left))

    def size(self, key: str) -> int:
        return (self._root / key).stat().st_size

    def path(self, key: str) -> Path | None:
        self.size(key)
        return self._root / key

    def delete(self, key: str) -> None:
        (self._root / key).unlink(missing_ok=True)

    def keys(self, prefix: str, older_than: datetime) -> Iterator[str]:
        for path in (self._root / prefix).rglob("*"):
            if path.is_file() and written_at(path) < older_than:
                yield path.relative_to(self._root).as_posix()


def _make_folder(folder: Path) -> None:
    """Make a folder whose own entry is durable as well."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
