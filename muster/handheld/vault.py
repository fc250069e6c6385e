"""Everything a terminal keeps, encrypted at rest; erasing one key erases it all.

On a phone the storage key lives in the hardware key store. Here it is a file only its owner can
read: the one thing this terminal cannot do as well as a real one.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class VaultErased(Exception):
    """The storage key is gone or is not the one this vault was made with: nothing is readable."""


class Vault:
    """Named values by room: `vault.put("outbox", op_id, {...})`.

    Values are JSON or bytes; each is sealed with AES-256-GCM under its room and name, so that
    values cannot be swapped. `append` refuses to replace: what is in the outbox stays as it was.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key_file = folder / "storage.key"
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            folder / "vault.db", check_same_thread=False, isolation_level=None
        )
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            "CREATE TABLE IF NOT EXISTS item (n INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL,"
            " name TEXT NOT NULL, sealed BLOB NOT NULL, UNIQUE (room, name))"
        )
        self._cipher = AESGCM(self._storage_key())

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep everything that is changed inside, or nothing of it."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def put(self, room: str, name: str, value: Any) -> None:
        """Keep a value, replacing what had this name."""
        with self.together():
            self._db.execute(
                "INSERT INTO item (room, name, sealed) VALUES (?, ?, ?)"
                " ON CONFLICT (room, name) DO UPDATE SET sealed = excluded.sealed",
                (room, name, self._seal(room, name, value)),
            )

    def append(self, room: str, name: str, value: Any) -> None:
        """Keep a value under a new name; raises `KeyError` if the name is taken."""
        try:
            with self.together():
                self._db.execute(
                    "INSERT INTO item (room, name, sealed) VALUES (?, ?, ?)",
                    (room, name, self._seal(room, name, value)),
                )
        except sqlite3.IntegrityError:
            raise KeyError(f"{room}/{name} is already kept and cannot be replaced") from None

    def get(self, room: str, name: str) -> Any:
        """Return a value, or None."""
        with self._lock:
            row = self._db.execute(
                "SELECT sealed FROM item WHERE room = ? AND name = ?", (room, name)
            ).fetchone()
        return None if row is None else self._open(room, name, row[0])

    def all(self, room: str) -> Iterator[tuple[str, Any]]:
        """Yield names and values of a room in the order they were first kept."""
        with self._lock:
            rows = self._db.execute(
                "SELECT name, sealed FROM item WHERE room = ? ORDER BY n", (room,)
            ).fetchall()
        for name, sealed in rows:
            yield name, self._open(room, name, sealed)

    def drop(self, room: str, name: str) -> None:
        """Forget one value."""
        with self.together():
            self._db.execute("DELETE FROM item WHERE room = ? AND name = ?", (room, name))

    def clear(self, *rooms: str) -> None:
        """Forget whole rooms."""
        with self.together():
            for room in rooms:
                self._db.execute("DELETE FROM item WHERE room = ?", (room,))

    def rooms(self) -> list[str]:
        """Return the names of all rooms with anything in them."""
        with self._lock:
            found = self._db.execute("SELECT DISTINCT room FROM item ORDER BY room")
            return [row[0] for row in found]

    def names(self, room: str) -> list[str]:
        """Return the names in a room in the order they were first kept, opening nothing."""
        with self._lock:
            found = self._db.execute("SELECT name FROM item WHERE room = ? ORDER BY n", (room,))
            return [row[0] for row in found]

    def erase(self) -> None:
        """Wipe: destroy the storage key first, then the rows it sealed."""
        with self._lock:
            size = self._key_file.stat().st_size if self._key_file.exists() else 0
            self._key_file.write_bytes(os.urandom(size))
            self._key_file.unlink()
            self._db.execute("DELETE FROM item")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._cipher = AESGCM(os.urandom(32))

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def _storage_key(self) -> bytes:
        if self._key_file.exists():
            return self._key_file.read_bytes()
        if self._db.execute("SELECT 1 FROM item LIMIT 1").fetchone():
            raise VaultErased(f"{self._key_file} is gone; this terminal was wiped")
        key = os.urandom(32)
        handle = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        return key

    def _seal(self, room: str, name: str, value: Any) -> bytes:
        plain = b"b" + value if isinstance(value, bytes) else b"j" + json.dumps(value).encode()
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, f"{room}\n{name}".encode())

    def _open(self, room: str, name: str, sealed: bytes) -> Any:
        try:
            plain = self._cipher.decrypt(
                sealed[:_NONCE], sealed[_NONCE:], f"{room}\n{name}".encode()
            )
        except InvalidTag:
            raise VaultErased("the storage key does not open this vault") from None
        return plain[1:] if plain[:1] == b"b" else json.loads(plain[1:])
