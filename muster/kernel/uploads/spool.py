"""The bytes of an unfinished upload: one local file that only its present holder can write.

    holder (16 bytes, a UUID) | bytes from offset 0 on

A request whose phone vanished may wake up after another has taken over. Each write therefore
checks, under a lock held for that write alone, that the file still names the writer; the lock
and the name are in the file itself, so this holds between threads, processes and, on a shared
folder with locks, hosts.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from muster.kernel.settings import Settings
from muster.kernel.uploads.errors import StorageFull, UploadGone, UploadLocked

_HEADER = 16
_PIECE = 256 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def path_of(settings: Settings, upload_id: UUID) -> Path:
    """Return where an upload's bytes lie; on several hosts the folder must be shared."""
    return settings.state_dir / "uploads" / upload_id.hex


class Spool:
    """An open file of one upload, in the hands of one holder."""

    def __init__(self, path: Path, holder: UUID) -> None:
        self._path = path
        self._holder = holder.bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    @classmethod
    def take(cls, path: Path, holder: UUID, offset: int) -> Self:
        """Open for a new holder: what lies beyond `offset` never counted and is cut off.

        Raises `UploadGone` if fewer bytes are there: the file was lost, so the upload is.
        """
        spool = cls(path, holder)
        try:
            spool._name_holder(offset)
            if not offset:
                _sync_folder(path.parent)
        except BaseException:
            spool.close()
            raise
        return spool

    def write(self, position: int, data: bytes) -> None:
        """Write at a position, or raise `UploadLocked` if somebody else has taken over."""
        with self._locked():
            if os.pread(self._file, _HEADER, 0) != self._holder:
                raise UploadLocked(retry_after=1)
            view, at = memoryview(data), _HEADER + position
            while view:
                written = self._pwrite(view, at)
                view, at = view[written:], at + written

    def sync(self) -> None:
        """Return when everything written is on the disk."""
        os.fdatasync(self._file)

    def content(self, length: int) -> Iterator[bytes]:
        """Read the first `length` bytes."""
        for at in range(0, length, _PIECE):
            yield os.pread(self._file, min(_PIECE, length - at), _HEADER + at)

    def remove(self) -> None:
        """Delete the file; holders that still have it open write into nothing."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _name_holder(self, offset: int) -> None:
        with self._locked():
            if offset and os.fstat(self._file).st_size < _HEADER + offset:
                raise UploadGone("The server lost the bytes of this upload. Begin a new one.")
            os.pwrite(self._file, self._holder, 0)
            os.ftruncate(self._file, _HEADER + offset)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _pwrite(self, view: memoryview, at: int) -> int:
        try:
            return os.pwrite(self._file, view, at)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFull from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
