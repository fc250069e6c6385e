"""Writing the address book, one SQLite file that any build with FTS5 and R*Tree can read.

`a` rows · `f` full text over ready-made tokens (no copy of the text, no positions) · `vd` how many
rows hold each token · `r` R*Tree of the positions · `meta`.
"""

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from muster.ondevice.addresses.model import Address, AddressError
from muster.ondevice.addresses.tokens import Tokeniser, tokens_of
from muster.ondevice.artefact import building, write_meta

FORMAT = "muster.addresses.1"
_BATCH = 5000
_TABLES = (
    """CREATE TABLE a(n INTEGER PRIMARY KEY, id TEXT NOT NULL, txt TEXT NOT NULL, key TEXT NOT NULL,
                      lon REAL NOT NULL, lat REAL NOT NULL, level TEXT NOT NULL,
                      std_code TEXT NOT NULL, aliases TEXT, parts TEXT)""",
    # The ascii tokenizer keeps every character beyond ASCII, so our tokens stay as they are even
    # for rare characters that the unicode61 tables of old builds take for punctuation.
    """CREATE VIRTUAL TABLE f USING fts5(t, content='', detail='none', columnsize=0,
                                         prefix='2 3', tokenize='ascii')""",
    "CREATE VIRTUAL TABLE r USING rtree(n, x0, x1, y0, y1)",
)
_FINISH = (
    "INSERT INTO f(f) VALUES ('optimize')",
    "CREATE UNIQUE INDEX a_id ON a(id)",
    "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, f, row)",
    "CREATE TABLE vd(term TEXT PRIMARY KEY, df INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO vd SELECT term, doc FROM temp.v",
    "DROP TABLE temp.v",
)


def build(
    path: Path, rows: Iterable[Address], *, version: str, home_names: Sequence[str] = ()
) -> int:
    """Write the book to `path`, replacing an older one in one step; return the rows' number.

    `home_names` are province and city names that every row begins with and nobody needs to type.
    Raises `AddressError` for a doubled id, an empty text and a position that is none.
    """
    cut = Tokeniser(home_names)
    source = enumerate(rows, start=1)
    with building(path, AddressError) as db:
        for statement in _TABLES:
            db.execute(statement)
        while batch := list(islice(source, _BATCH)):
            _store(db, batch, cut)
        _finish(db)
        count: int = db.execute("SELECT count(*) FROM a").fetchone()[0]
        facts = {"format": FORMAT, "version": version, "rows": str(count), "datum": "wgs84"}
        names = json.dumps(list(home_names), ensure_ascii=False)
        write_meta(db, facts | {"home_names": names})
    return count


def _finish(db: sqlite3.Connection) -> None:
    try:
        for statement in _FINISH:
            db.execute(statement)
    except sqlite3.IntegrityError as error:
        twice = db.execute("SELECT id FROM a GROUP BY id HAVING count(*) > 1").fetchone()[0]
        raise AddressError(f"the address id {twice} appears twice") from error


def _store(db: sqlite3.Connection, batch: list[tuple[int, Address]], cut: Tokeniser) -> None:
    keyed = [(n, row, _written_forms(row, cut)) for n, row in batch]
    db.executemany("INSERT INTO a VALUES (?,?,?,?,?,?,?,?,?,?)", map(_columns, keyed))
    words = ((n, _index_text(forms)) for n, _, forms in keyed)
    db.executemany("INSERT INTO f(rowid, t) VALUES (?, ?)", words)
    places = ((n, row.lon, row.lon, row.lat, row.lat) for n, row, _ in keyed)
    db.executemany("INSERT INTO r VALUES (?,?,?,?,?)", places)


def _written_forms(row: Address, cut: Tokeniser) -> list[list[str]]:
    if not (math.isfinite(row.lon) and math.isfinite(row.lat)):
        raise AddressError(f"the address {row.id} has no position")
    if abs(row.lon) > 180 or abs(row.lat) > 90:
        raise AddressError(f"the address {row.id} lies outside the world: {row.lon}, {row.lat}")
    if not row.id or not row.text.strip():
        raise AddressError(f"the address {row.id!r} lacks its id or its text")
    return [cut.runs(text) for text in (row.text, *row.aliases)]


def _index_text(forms: list[list[str]]) -> str:
    return " ".join(dict.fromkeys(token for runs in forms for token in tokens_of(runs)))


def _columns(keyed: tuple[int, Address, list[list[str]]]) -> tuple[int | float | str | None, ...]:
    n, row, forms = keyed
    key = " | ".join(map(" ".join, _without_empty(forms)))
    aliases = json.dumps(row.aliases, ensure_ascii=False) if row.aliases else None
    parts = json.dumps(dict(row.parts), ensure_ascii=False) if row.parts else None
    place = (row.lon, row.lat, row.level, row.std_code)
    return (n, row.id, row.text, f" {key} ", *place, aliases, parts)


def _without_empty(forms: list[list[str]]) -> Iterator[list[str]]:
    return (runs for runs in forms if runs)
