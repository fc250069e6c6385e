"""Writing to the log: all entries of a unit of work go in with one statement, their subjects too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from muster.kernel.audit import document
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.models import ENTRIES, SUBJECTS
from muster.kernel.keys import Keys
from muster.ondevice.subjects import blind

_APPEND = insert(ENTRIES).returning(ENTRIES.c.id, ENTRIES.c.n)
_INDEX = insert(SUBJECTS)


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


def _row(entry: Entry, subjects: list[dict[str, str]]) -> dict[str, Any]:
    members = document.document(entry, subjects)
    return {**document.project(members), "canonical": document.canonical(members)}
