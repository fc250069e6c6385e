"""Resumable uploads (tus 1.0.0, core and creation): what was cut off goes on where it stopped."""

import base64
from collections.abc import Mapping
from contextlib import suppress

from muster.handheld.connection import Connection, Refused
from muster.handheld.vault import Vault

PART = 1024 * 1024
_ROOM = "uploads"
_VERSION = {"Tus-Resumable": "1.0.0"}
_LOST = frozenset({404, 410})


class Uploads:
    """Uploads by a name of ours; the address the server gave is kept until the last byte is in."""

    def __init__(self, vault: Vault, connection: Connection) -> None:
        self._vault, self._connection = vault, connection

    def send(self, name: str, content: bytes, metadata: Mapping[str, str]) -> None:
        """Bring a whole file, in as many tries as it takes. Raises `Offline` or `Refused`."""
        address, offset = self._resume(name)
        if address is None:
            address, offset = self._begin(name, len(content), metadata), 0
        while offset < len(content):
            part = content[offset : offset + PART]
            headers = _VERSION | {
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            }
            answer = self._connection.call("PATCH", address, headers=headers, content=part)
            offset = int(answer.headers["Upload-Offset"])
        self._vault.drop(_ROOM, name)

    def _resume(self, name: str) -> tuple[str | None, int]:
        """Return where an earlier try stands, if the server still knows it."""
        address: str | None = self._vault.get(_ROOM, name)
        if address is not None:
            with suppress(_Gone):
                return address, self._offset(address)
            self._vault.drop(_ROOM, name)
        return None, 0

    def _offset(self, address: str) -> int:
        try:
            answer = self._connection.call("HEAD", address, headers=_VERSION)
        except Refused as refusal:
            if refusal.status in _LOST:
                raise _Gone from refusal
            raise
        return int(answer.headers["Upload-Offset"])

    def _begin(self, name: str, length: int, metadata: Mapping[str, str]) -> str:
        pairs = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in metadata.items()]
        headers = _VERSION | {"Upload-Length": str(length), "Upload-Metadata": ",".join(pairs)}
        answer = self._connection.call("POST", "/uploads", headers=headers)
        address: str = answer.headers["Location"]
        self._vault.put(_ROOM, name, address)
        return address


class _Gone(Exception):
    """The server forgot this upload; begin again."""
