"""Writing to the log: all entries of a unit of work go in with one statement, their subjects too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Insert, Text, bindparam, func, insert, select, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from muster.kernel.audit import document, operations
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.models import ENTRIES, SUBJECTS
from muster.kernel.keys import Keys
from muster.ondevice.subjects import blind

_APPEND = insert(ENTRIES).returning(ENTRIES.c.id, ENTRIES.c.n)
_INDEX = insert(SUBJECTS)
_ALONE = insert(ENTRIES)
_BOUND = (*document.PROJECTED_TEXTS, *document.PROJECTED_IDS, "at", "policies", "canonical")


class AuditLog:
    """The append side of the log; `keys` blinds the subjects."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def append(self, session: Session, entries: Sequence[Entry]) -> None:
        """Insert entries in the caller's transaction: one statement, and one for their subjects.

        Raises `EntryTooLarge` if one exceeds 65 535 bytes; then none is written.
        """
        if not entries:
            return
        about = {entry.id: self._blind(entry) for entry in entries}
        rows = [_row(entry, about[entry.id]) for entry in entries]
        if len(rows) == 1 and session.get_bind().dialect.name == "postgresql":
            _append_one(session, rows[0], about[entries[0].id])
            return
        numbers = session.execute(_APPEND, rows).all()  # in no order that SQLite would promise
        index = [
            {"n": n, "hash": hash_, "key_id": key_id}
            for entry_id, n in numbers
            for hash_, key_id in {one["hash"]: one["key"] for one in about[entry_id]}.items()
        ]
        if index:
            session.execute(_INDEX, index)

    def _blind(self, entry: Entry) -> list[dict[str, str]]:
        if not entry.subjects:
            return []
        key_id, key = self._keys.secret("audit_index")
        return [
            {"kind": subject.kind, "key": key_id, "hash": blind(subject, key)}
            for subject in entry.subjects
        ]


def _append_one(session: Session, row: dict[str, Any], about: list[dict[str, str]]) -> None:
    """Insert one entry and its subjects at once: half the way there and back of most requests."""
    connection = session.connection()  # what a session adds to a statement, this one has no use for
    if not about:
        connection.execute(_ALONE, row)
        return
    hashed = {one["hash"]: one["key"] for one in about}
    named = {"subject_hashes": list(hashed), "subject_keys": list(hashed.values())}
    connection.execute(_WITH_SUBJECTS, row | named)


def _with_subjects() -> Insert:
    columns = {name: bindparam(name, type_=ENTRIES.c[name].type) for name in _BOUND}
    entry = insert(ENTRIES).values(columns).returning(ENTRIES.c.n).cte("entry")
    texts = postgresql.ARRAY(Text)
    hashes, keys = (bindparam(name, type_=texts) for name in ("subject_hashes", "subject_keys"))
    about = func.unnest(hashes, keys).table_valued("hash", "key_id").render_derived("about")
    rows = select(entry.c.n, about.c.hash, about.c.key_id).select_from(entry).join(about, true())
    return insert(SUBJECTS).from_select(["n", "hash", "key_id"], rows)


_WITH_SUBJECTS = _with_subjects()


def _row(entry: Entry, subjects: list[dict[str, str]]) -> dict[str, Any]:
    entry.operation = entry.operation or operations.of(entry.action)
    members = document.document(entry, subjects)
    return {**document.project(members), "canonical": document.canonical(members)}
