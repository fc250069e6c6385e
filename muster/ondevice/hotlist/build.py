"""Writing the offline hot list."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from muster.ondevice.artefact import building, write_meta
from muster.ondevice.hotlist.entries import Category, HotEntry, HotListError
from muster.ondevice.hotlist.keys import SALT_BYTES, filing_keys
from muster.ondevice.subjects import SubjectKind

FORMAT = "muster.hotlist.1"
_TABLES = (
    """CREATE TABLE record(id TEXT PRIMARY KEY, category TEXT NOT NULL, action TEXT NOT NULL,
                           owner_agency TEXT NOT NULL, as_of TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE k0(h INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY(h, id)) WITHOUT ROWID",
    "CREATE TEMP TABLE unsorted(h INTEGER NOT NULL, id TEXT NOT NULL)",
)
_TELLING = 8  # a shorter identifier turns up inside a record's reference by chance


def build(
    path: Path, entries: Iterable[HotEntry], *, version: str, as_of: datetime, salt: bytes
) -> int:
    """Write the list to `path`, replacing an older one in one step; return the records' number.

    `salt` is 16 to 64 random bytes, new for every version; `as_of` is when the registers were
    read. Raises `HotListError` for a naive time, a doubled id, a record without subjects, and for
    an identifier that stands in clear in a record's id, action or agency.
    """
    if len(salt) not in SALT_BYTES:
        raise HotListError("a hot list's salt has 16 to 64 bytes")
    _require_zone(as_of)
    with building(path, HotListError) as db:
        for statement in _TABLES:
            db.execute(statement)
        for entry in entries:
            _file(db, entry, salt)
        # Filed in order of the key: random inserts into a table of millions would crawl.
        db.execute("INSERT INTO k0 SELECT DISTINCT h, id FROM unsorted ORDER BY h, id")
        count: int = db.execute("SELECT count(*) FROM record").fetchone()[0]
        facts = {"version": version, "as_of": as_of.isoformat(), "salt": salt.hex()}
        write_meta(db, facts | {"format": FORMAT, "records": str(count), "hash": "blake2b-64"})
    return count


def _file(db: sqlite3.Connection, entry: HotEntry, salt: bytes) -> None:
    _require_fit(entry)
    row = (entry.id, entry.category, entry.action, entry.owner_agency, entry.as_of.isoformat())
    try:
        db.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
    except sqlite3.IntegrityError as error:
        raise HotListError(f"the record {entry.id} is listed twice") from error
    keys = set().union(*(filing_keys(subject, salt) for subject in entry.subjects))
    db.executemany("INSERT INTO unsorted VALUES (?, ?)", [(key, entry.id) for key in keys])


def _require_fit(entry: HotEntry) -> None:
    _require_zone(entry.as_of)
    if entry.category not in list(Category):
        raise HotListError(f"unknown category {entry.category!r}; use one of {', '.join(Category)}")
    if not entry.subjects:
        raise HotListError(f"the record {entry.id} has no subject to be found by")
    shown = f"{entry.id} {entry.action} {entry.owner_agency}".upper().replace("-", "")
    for subject in entry.subjects:
        identifier = subject.normal_form.lstrip("+")
        named = subject.kind is SubjectKind.NAME  # names are words: an agency may share one
        if not named and len(identifier) >= _TELLING and identifier in shown:
            raise HotListError(
                f"a record of {entry.owner_agency} shows its {subject.kind} in clear"
            )


def _require_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise HotListError("a time in a hot list has a time zone; give UTC")
