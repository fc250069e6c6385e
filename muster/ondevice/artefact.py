"""Write-once SQLite files: built beside their place, swapped in whole, read from any thread."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

Row = tuple[Any, ...]


class ArtefactError(ValueError):
    """The file cannot be built or read as the artefact it should be."""


@contextmanager
def building(path: Path, error: type[ArtefactError]) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a draft; on success the draft replaces `path` in one step.

    The draft needs no journal: when the build fails it is thrown away, and readers of an older
    file keep theirs. SQLite's errors and the system's are raised as `error`.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        draft = Path(name)
        with closing(sqlite3.connect(draft, isolation_level=None)) as db:
            db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;")
            yield db
            db.execute("COMMIT")
        _to_disk(draft)
        draft.replace(path)
    except (sqlite3.Error, OSError) as cause:
        raise error(f"{path.name} cannot be built: {cause}") from cause
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def write_meta(db: sqlite3.Connection, facts: Mapping[str, str]) -> None:
    """Create and fill the table `meta(name, value)` that `Artefact` reads first."""
    db.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(facts.items()))


class Artefact:
    """A read-only file of one format. Threads share it: each query borrows a connection.

    The file is opened as immutable: replace it by renaming another over it, never in place.
    """

    def __init__(self, path: Path, file_format: str, error: type[ArtefactError]) -> None:
        self.path = path
        self._error = error
        self._closed = False
        self._idle: list[sqlite3.Connection] = []
        if not path.is_file():
            raise error(f"there is no file {path}")
        self.meta = {name: str(value) for name, value in self._facts()}
        if self.meta.get("format") != file_format:
            self.close()
            raise error(f"{path.name} has format {self.meta.get('format')}, wanted {file_format}")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one query to its end."""
        if self._closed:
            raise self._error(f"{self.path.name} has been closed")
        try:
            db = self._borrow()
            try:
                return db.execute(sql, values).fetchall()
            finally:
                self._give_back(db)
        except sqlite3.Error as cause:
            raise self._error(f"{self.path.name} cannot be read: {cause}") from cause

    def close(self) -> None:
        """Close all connections; a query in flight closes its own when it ends."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _facts(self) -> list[Row]:
        try:
            return self.rows("SELECT name, value FROM meta")
        except self._error:
            self.close()
            raise

    def _borrow(self) -> sqlite3.Connection:
        # list.pop and list.append are atomic, so the idle list needs no lock.
        try:
            return self._idle.pop()
        except IndexError:
            address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
            return sqlite3.connect(address, uri=True, check_same_thread=False)

    def _give_back(self, db: sqlite3.Connection) -> None:
        self._idle.append(db)
        if self._closed:
            self.close()


def _to_disk(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())
