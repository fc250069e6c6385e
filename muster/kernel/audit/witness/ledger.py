"""What a witness remembers: its key, the logs it trusts, and the last checkpoint of each.

    key.pem        its Ed25519 key, made at the first start, readable by its owner alone
    name           the name it signs with
    logs.txt       one verifier key of a log in each line; read again at every request
    latest.json    per log: size, root, and the note as it was sent

`latest.json` is replaced as a whole: written beside, flushed to the disk, renamed, and the folder
flushed, before anything is signed. A kill at any moment leaves the old file or the new one.
"""

import base64
import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.kernel.audit import merkle, notes
from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.witness.cosignature import WitnessKey, cosign

_KEY, _NAME, _LOGS, _LATEST = "key.pem", "name", "logs.txt", "latest.json"
MOST_HASHES: Final = 63


class Refused(Exception):
    """A checkpoint that is not cosigned; `status` and `body` are the answer's (tlog-witness)."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body)
        self.status, self.body = status, body


class WrongSize(Refused):
    """The client does not know the size last cosigned: the answer tells it (409)."""

    def __init__(self, size: int) -> None:
        super().__init__(409, f"{size}\n")


@dataclass(frozen=True)
class Request:
    """A parsed `add-checkpoint`: the size the proof begins at, the proof, and the note."""

    old: int
    proof: Sequence[bytes]
    note: str


class Ledger:
    """The state folder of one witness. Only one process may hold it: `BlockingIOError` else."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._guard = (folder / "lock").open("w")
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._guard.close()
            raise
        self._turn = Lock()
        self._key = _key(folder / _KEY)
        self.name = _kept_name(folder / _NAME, name)
        self._latest: dict[str, dict[str, Any]] = _read(folder / _LATEST)

    @property
    def verifier_key(self) -> WitnessKey:
        """What the server is told to know this witness by."""
        return WitnessKey(self.name, self._key.public_key().public_bytes_raw())

    def close(self) -> None:
        """Let go of the folder."""
        self._guard.close()

    def latest(self, origin: str) -> str | None:
        """Return the note last cosigned for a log."""
        known = self._latest.get(origin)
        return str(known["note"]) if known else None

    def add(self, request: Request, seconds: int) -> str:
        """Store a checkpoint that extends what is known of its log, and return the cosignature.

        Comparing and storing are one step: of two requests that both extend the same checkpoint,
        the second finds a new one. Raises `Refused` with the status the protocol wants.
        """
        checkpoint = self._trusted(request.note)
        if request.old > checkpoint.size:
            raise Refused(400, "the old size is larger than the checkpoint's\n")
        with self._turn:
            known = self._latest.get(checkpoint.origin)
            self._compare(known, request, checkpoint)
            if known is None or known["size"] != checkpoint.size:
                self._store(checkpoint, request.note)
        return cosign(checkpoint, self.name, self._key, seconds)

    def _trusted(self, note: str) -> notes.Checkpoint:
        try:
            checkpoint = notes.parse(note)
        except NoteInvalid as error:
            raise Refused(400, f"{error.detail}\n") from error
        keys = [key for key in self._logs() if key.name == checkpoint.origin]
        if not keys:
            raise Refused(404, "this witness does not know the log\n")
        try:
            return notes.verify(note, keys)
        except NoteInvalid as error:
            raise Refused(403, f"{error.detail}\n") from error

    def _compare(
        self, known: dict[str, Any] | None, request: Request, checkpoint: notes.Checkpoint
    ) -> None:
        size = known["size"] if known else 0
        root = base64.b64decode(known["root"]) if known else b""
        if request.old != size:
            raise WrongSize(size)
        if size == 0:
            if request.proof:
                raise Refused(422, "a proof from nothing is empty\n")
            return
        if size == checkpoint.size and root != checkpoint.root:
            raise Refused(409, "a fork: the log has shown another root of this size\n")
        if not merkle.verify_consistency(
            size, checkpoint.size, root, checkpoint.root, request.proof
        ):
            raise Refused(422, "the checkpoint does not extend the one last cosigned\n")

    def _store(self, checkpoint: notes.Checkpoint, note: str) -> None:
        root = base64.b64encode(checkpoint.root).decode()
        entry = {"size": checkpoint.size, "root": root, "note": note}
        latest = {**self._latest, checkpoint.origin: entry}
        replace(self._folder / _LATEST, json.dumps(latest, ensure_ascii=False, indent=1).encode())
        self._latest = latest

    def _logs(self) -> list[notes.VerifierKey]:
        path = self._folder / _LOGS
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        return [notes.VerifierKey.parse(line) for line in lines if line.strip()]


def trust(folder: Path, key: notes.VerifierKey) -> None:
    """Add a log's verifier key to those a witness cosigns for; it need not be restarted."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _LOGS
    known = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    if str(key) not in known:
        replace(path, "".join(f"{line}\n" for line in [*known, str(key)]).encode())


def replace(path: Path, content: bytes) -> None:
    """Put content in a file's place so that it survives a power cut, or leave the old one."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def _key(path: Path) -> Ed25519PrivateKey:
    if not path.is_file():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        os.close(os.open(path.with_name(path.name + ".new"), os.O_CREAT | os.O_WRONLY, 0o600))
        replace(path, pem)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NoteInvalid(f"{path} holds no Ed25519 key")
    return key


def _kept_name(path: Path, name: str) -> str:
    """Return the name of the first start: a witness that renames itself would be another."""
    if not path.is_file():
        replace(path, name.encode())
    return path.read_text(encoding="utf-8").strip()
