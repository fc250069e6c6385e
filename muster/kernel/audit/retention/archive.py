r"""An archive: the bodies of retired entries as plain files, checked before anything is deleted.

    archive.json   format, id, log, how many, its SHA-256, and the places as ranges
    entries.txt    one line for each entry: its place, a space, and the entry byte for byte

The archive's SHA-256 is that of `entries.txt`; the log's own record of the retirement names it.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from muster.kernel.audit.errors import ExportUnreadable
from muster.kernel.audit.retirement import Range

FORMAT: Final = "muster-audit-archive/1"
_HEADER, _ENTRIES = "archive.json", "entries.txt"


@dataclass(frozen=True)
class Written:
    """An archive as it lies on the disk."""

    folder: Path
    sha256: str
    places: Sequence[int]


def write(folder: Path, entries: Iterable[tuple[int, bytes]]) -> Written:
    """Write entries into a new folder and flush them to the disk."""
    folder.mkdir(parents=True, mode=0o700)
    places, digest = [], sha256()
    with (folder / _ENTRIES).open("wb") as file:
        for seq, entry in entries:
            line = b"%d %s\n" % (seq, entry)
            digest.update(line)
            file.write(line)
            places.append(seq)
        _settle(file.fileno())
    return Written(folder, digest.hexdigest(), places)


def describe(written: Written, archive_id: UUID, origin: str, ranges: Sequence[Range]) -> None:
    """Write the header beside the entries."""
    header = {
        "format": FORMAT,
        "id": str(archive_id),
        "origin": origin,
        "entries": len(written.places),
        "sha256": written.sha256,
        "ranges": [list(span) for span in ranges],
    }
    with (written.folder / _HEADER).open("wb") as file:
        file.write(json.dumps(header, indent=1).encode() + b"\n")
        _settle(file.fileno())
    holder = os.open(written.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)


def read(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each entry with its place, as it is read from the disk."""
    try:
        with (folder / _ENTRIES).open("rb") as file:
            for line in file:
                seq, _, entry = line.rstrip(b"\n").partition(b" ")
                yield int(seq), entry
    except (OSError, ValueError) as error:
        raise ExportUnreadable(f"{folder} is not an archive of the log: {error}") from error


def digest(folder: Path) -> str:
    """Return the SHA-256 of what lies on the disk; `ExportUnreadable` if nothing does."""
    try:
        with (folder / _ENTRIES).open("rb") as file:
            found = sha256()
            while block := file.read(1 << 20):
                found.update(block)
            return found.hexdigest()
    except OSError as error:
        raise ExportUnreadable(f"{folder} is not an archive of the log: {error}") from error


class Archives:
    """Folders of archives at hand for verification: gives the entry of a place, if it has it."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._at: dict[int, tuple[Path, int]] = {}
        for folder in folders:
            self._index(folder / _ENTRIES)

    def __call__(self, seq: int) -> bytes | None:
        """Return the archived entry of a place."""
        if seq not in self._at:
            return None
        path, offset = self._at[seq]
        with path.open("rb") as file:
            file.seek(offset)
            return file.readline().rstrip(b"\n").partition(b" ")[2]

    def _index(self, path: Path) -> None:
        offset = 0
        try:
            with path.open("rb") as file:
                for line in file:
                    self._at[int(line.partition(b" ")[0])] = (path, offset)
                    offset += len(line)
        except (OSError, ValueError) as error:
            raise ExportUnreadable(f"{path.parent} is not an archive of the log") from error


def header(folder: Path) -> dict[str, Any]:
    """Return what an archive says of itself."""
    try:
        told = json.loads((folder / _HEADER).read_bytes())
    except (OSError, ValueError) as error:
        raise ExportUnreadable(f"{folder} is not an archive of the log: {error}") from error
    return dict(told)


def _settle(descriptor: int) -> None:
    os.fsync(descriptor)
