"""Finished work that waits for the server: appended once, signed, and dropped only on a receipt.

An item names the session it was made under, so it stays its author's whoever is signed in when it
leaves. Signing out, another officer's signing in and a reset of the replica leave it alone.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from muster.handheld.connection import Connection, Refused
from muster.handheld.proofs import DeviceKey
from muster.handheld.tus import Uploads
from muster.handheld.vault import Vault

TYPE = "muster-item+jwt"
_ITEMS, _FILES, _RECEIPTS = "outbox", "evidence", "receipts"
_KEPT_RECEIPTS = 200
_LATER = frozenset({"upload_locked", "upload_offset_mismatch"})
_TO_DEPOSIT = frozenset(
    {
        "posture_not_compliant",
        "posture_stale",
        "sync_item_unreadable",
        "sync_item_signature_invalid",
        "sync_item_session_unknown",
        "sync_item_kind_unknown",
    }
)
"""Refusals after which the same item is handed in, unread, at the deposit door."""


@dataclass(frozen=True)
class Sent:
    """What became of an item: recorded, kept or deposited, each safe with the server.

    A refused one stays here, with the server's words in `answer`; so does a waiting one, whose
    file the server still holds for an earlier request that was cut off.
    """

    op_id: str
    status: str
    answer: dict[str, Any] = field(default_factory=dict)


class Outbox:
    """The queue of one terminal, oldest first."""

    def __init__(self, vault: Vault, key: DeviceKey, connection: Connection) -> None:
        self._vault, self._key, self._connection = vault, key, connection
        self._uploads = Uploads(vault, connection)

    def add(
        self,
        kind: str,
        body: Mapping[str, Any],
        session_id: str,
        files: Mapping[str, bytes] | None = None,
    ) -> str:
        """Keep one piece of finished work with its files, and return its op_id."""
        op_id = str(uuid4())
        claims = {
            "op_id": op_id,
            "kind": kind,
            "session_id": session_id,
            "device_time": datetime.now(UTC).isoformat(timespec="seconds"),
            "boot_id": _boot_id(),
            "elapsed_ms": time.monotonic_ns() // 1_000_000,
            "body": dict(body),
        }
        kept = {"item": self._key.sign(claims, TYPE), "instance_id": body.get("instance_id", "")}
        with self._vault.together():
            for name, content in (files or {}).items():
                self._vault.append(_FILES, f"{op_id}/{name}", content)
            self._vault.append(_ITEMS, op_id, kept | {"files": sorted(files or {})})
        return op_id

    def waiting(self) -> list[str]:
        """Return the op_ids of all items the server has not fully received."""
        return self._vault.names(_ITEMS)

    def receipts(self) -> dict[str, dict[str, Any]]:
        """Return what the server gave for each item: `status`, and a reference, never content."""
        return dict(self._vault.all(_RECEIPTS))

    def push(self) -> Iterator[Sent]:
        """Send everything that waits, yielding what becomes of each item; a cut loses nothing.

        Raises `Offline`, or `Refused` where the refusal is not about one item.
        """
        for op_id in self.waiting():
            try:
                sent = self._hand_over(op_id)
                if self._send_files(op_id):
                    self._let_go(op_id)
            except Refused as refusal:
                if refusal.status in (401, 403, 429) or refusal.status >= 500:
                    raise
                status = "waiting" if refusal.code in _LATER else "refused"
                sent = Sent(op_id, status, refusal.problem)
            yield sent

    def send(self, op_id: str) -> dict[str, Any]:
        """Hand one item in, be it for the tenth time; it stays here until `push` is done with it."""
        item = self._vault.get(_ITEMS, op_id)["item"]
        answer: dict[str, Any] = self._connection.fetch("POST", "/sync/v1/outbox", {"item": item})
        self._receipt(op_id, answer["status"], answer["reference"])
        return answer

    def _hand_over(self, op_id: str) -> Sent:
        if receipt := self._vault.get(_RECEIPTS, op_id):  # only its files were cut off
            return Sent(op_id, receipt["status"], receipt)
        try:
            answer = self.send(op_id)
        except Refused as refusal:
            if refusal.code in _TO_DEPOSIT:
                return self._deposit(op_id)
            raise
        return Sent(op_id, answer["status"], answer)

    def _deposit(self, op_id: str) -> Sent:
        item = self._vault.get(_ITEMS, op_id)["item"]
        answer = self._connection.fetch("POST", "/sync/v1/deposit", {"item": item})
        self._receipt(op_id, "deposited", answer["receipt"])
        return Sent(op_id, "deposited", answer)

    def _send_files(self, op_id: str) -> bool:
        """Bring an item's files; False while the server does not take them from this terminal."""
        kept = self._vault.get(_ITEMS, op_id)
        for name in kept["files"]:
            place = f"{op_id}/{name}"
            content = self._vault.get(_FILES, place)
            if content is None:
                continue
            metadata = {"target": "submission_attachment", "name": name}
            metadata["instance_id"] = kept["instance_id"]
            try:
                self._uploads.send(place, content, metadata)
            except Refused as refusal:
                if refusal.code in _TO_DEPOSIT:
                    return False
                raise
            self._vault.drop(_FILES, place)
        return True

    def _receipt(self, op_id: str, status: str, reference: str) -> None:
        self._vault.put(_RECEIPTS, op_id, {"status": status, "reference": reference})

    def _let_go(self, op_id: str) -> None:
        """Drop an item, and receipts nobody will ask for any more."""
        self._vault.drop(_ITEMS, op_id)
        waiting = set(self.waiting())
        for old in self._vault.names(_RECEIPTS)[:-_KEPT_RECEIPTS]:
            if old not in waiting:
                self._vault.drop(_RECEIPTS, old)


def _boot_id() -> str:
    """Return the name of this boot, where the system gives one; `elapsed_ms` counts from it."""
    try:
        return str(
            UUID(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
        )
    except (OSError, ValueError):
        return ""
