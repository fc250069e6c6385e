"""Files that arrive in pieces, each sealed in the vault as it comes; a cut is mended by a range."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from muster.handheld.connection import Connection, Door
from muster.handheld.errors import FileDamaged
from muster.handheld.vault import Vault

PIECE = 256 * 1024
_WHOLE = "files"


class Files:
    """Files by their SHA-256 in hex: never in clear on disk, never whole in memory."""

    def __init__(self, vault: Vault, connection: Connection) -> None:
        self._vault, self._connection = vault, connection

    def has(self, sha256: str) -> bool:
        """Whether the whole file is here."""
        return self._vault.get(_WHOLE, sha256) is not None

    def fetch(self, url: str, sha256: str, size: int, *, door: Door = "officer") -> None:
        """Download a file, going on where an earlier try was cut off.

        Raises `FileDamaged` if what came is not the file of this hash and size; then it is dropped.
        """
        if self.has(sha256):
            return
        held = self._held(sha256)
        if held < size:
            headers = {"Range": f"bytes={held}-", "If-Range": f'"{sha256}"'} if held else {}
            with self._connection.stream(url, headers, door=door) as answer:
                if answer.status_code != 206:
                    self.drop(sha256)
                    held = 0
                self._store(sha256, held, size, answer.iter_bytes(PIECE))
        digest = hashlib.sha256()
        for piece in self.read(sha256):
            digest.update(piece)
        if self._held(sha256) != size or digest.hexdigest() != sha256:
            self.drop(sha256)
            raise FileDamaged("The file that came is not the one that was signed; fetch it again.")
        self._vault.put(_WHOLE, sha256, {"size": size})

    def read(self, sha256: str) -> Iterator[bytes]:
        """Yield a file's pieces in order."""
        for name in self._vault.names(_room(sha256)):
            piece: bytes = self._vault.get(_room(sha256), name)
            yield piece

    def unpack(self, sha256: str, path: Path) -> None:
        """Write a file in clear where only its owner can read it; the caller deletes it."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(self.read(sha256))

    def drop(self, sha256: str) -> None:
        """Forget a file."""
        with self._vault.together():
            self._vault.clear(_room(sha256))
            self._vault.drop(_WHOLE, sha256)

    def _store(self, sha256: str, at: int, size: int, pieces: Iterator[bytes]) -> None:
        for piece in pieces:
            if at + len(piece) > size:
                break  # the check of the whole file will tell
            self._vault.append(_room(sha256), f"{at:015}", piece)
            at += len(piece)

    def _held(self, sha256: str) -> int:
        names = self._vault.names(_room(sha256))
        return int(names[-1]) + len(self._vault.get(_room(sha256), names[-1])) if names else 0


def _room(sha256: str) -> str:
    return f"file/{sha256}"
