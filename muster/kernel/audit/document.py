"""What an entry looks like for ever (its canonical JSON), and the columns drawn from it.

The document is flat, has the names of `Entry`, and leaves out what is empty. `v` is its version.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.kernel import clock
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.errors import EntryTooLarge
from muster.ondevice.canonical import canonical_json

MAX_BYTES = 65_535  # a C2SP entry tile gives lengths in 16 bits
VERSION = 1
_CLIPPED = 200  # an index row of PostgreSQL holds no more than about 2 700 bytes

PROJECTED_IDS = ("id", "actor_id", "unit_id", "device_id", "session_id")
PROJECTED_TEXTS = (
    "action",
    "outcome",
    "actor_kind",
    "actor_label",
    "client",
    "resource_type",
    "resource_id",
    "purpose",
    "case_ref",
    "request_id",
    "operation",
    "recipient",
)
_TEXTS = (*PROJECTED_TEXTS, "zone", "source", "reason", "requestor", "policy_set")


def document(entry: Entry, subjects: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the JSON object that stands for an entry; subjects come as `{kind, key, hash}`."""
    members: dict[str, Any] = {name: _text(getattr(entry, name)) for name in _TEXTS}
    for name in PROJECTED_IDS:
        value = getattr(entry, name)
        members[name] = str(value) if value else None
    members |= {
        "at": clock.rfc3339(entry.at),
        "sworn": entry.sworn,
        "policies": list(entry.policies),
        "subjects": list(subjects),
        "result": entry.result,
    }
    kept = {name: value for name, value in members.items() if value not in (None, "", [], {})}
    return {"v": VERSION, **kept}


def canonical(members: Mapping[str, Any]) -> bytes:
    """Return the bytes that are stored and hashed (RFC 8785), or raise `EntryTooLarge`."""
    written = canonical_json(dict(members))
    if len(written) > MAX_BYTES:
        raise EntryTooLarge(
            f"The audit entry of {members['action']!r} has {len(written)} bytes; {MAX_BYTES} fit. "
            "Do it in smaller parts."
        )
    return written


def project(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the searchable columns of a document, as they are bound and read back."""
    row: dict[str, Any] = {name: clip(members.get(name, "")) for name in PROJECTED_TEXTS}
    for name in PROJECTED_IDS:
        value = members.get(name)
        row[name] = UUID(value) if value else None
    row["at"] = datetime.fromisoformat(members["at"])
    row["policies"] = members.get("policies", [])
    return row


def clip(text: str) -> str:
    """Return a text as its column holds it: cut to fit an index, without the NUL of no column."""
    return _text(text)[:_CLIPPED].replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _text(value: str) -> str:
    """Return valid Unicode; a stray surrogate sent by a client must not stop the record."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()
