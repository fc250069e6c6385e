"""What the officer holds offline: documents by collection, pulled page by page.

Each page is kept together with its checkpoint, so a cut between two pages costs nothing and a cut
inside one leaves the terminal where it was. Nothing here is ever sent: see `outbox.py`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from muster.handheld.connection import Connection
from muster.handheld.errors import FileDamaged
from muster.handheld.vault import Vault

PAGE = 200
_CHECKPOINTS = "checkpoints"
_ROWS = "rows/"


@dataclass
class Pulled:
    """What a pull brought: documents kept, documents taken away, and whether it began anew."""

    kept: int = 0
    gone: int = 0
    reset: bool = False


class Replica:
    """Documents of one officer. Another officer's are erased before theirs come (`forget`)."""

    def __init__(self, vault: Vault, connection: Connection) -> None:
        self._vault, self._connection = vault, connection

    def pull(self, name: str, *, prove: bool = False) -> Pulled:
        """Bring one collection up to date; `prove` compares with the server's digest as well.

        Rows that do not add up to the digest are dropped and pulled anew, once; if they still do
        not, that is a `FileDamaged`.
        """
        pulled = self._pull(name, prove=prove)
        if pulled is None:
            self._begin_anew(name)
            pulled = self._pull(name, prove=prove)
            if pulled is None:
                raise FileDamaged(f"The collection {name} does not add up to what the server has.")
            pulled.reset = True
        return pulled

    def all(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the documents of a collection."""
        for _, document in self._vault.all(f"{_ROWS}{name}"):
            yield document

    def names(self) -> list[str]:
        """Return the collections that hold anything."""
        return [room.removeprefix(_ROWS) for room in self._vault.rooms() if room.startswith(_ROWS)]

    def drop(self, name: str) -> None:
        """Forget one collection: its officer may no longer hold any of it."""
        self._begin_anew(name)

    def forget(self) -> None:
        """Forget every document; what waits in the outbox is not touched."""
        with self._vault.together():
            self._vault.clear(_CHECKPOINTS, *(f"{_ROWS}{name}" for name in self.names()))

    def _pull(self, name: str, *, prove: bool) -> Pulled | None:
        """Pull to the end; None if what is held then is not what the server says."""
        pulled = Pulled()
        while True:
            page = self._ask(name, prove=prove)
            if page.get("reset"):
                self._begin_anew(name)
                pulled.reset = True
                continue
            self._keep(name, page, pulled)
            if len(page["documents"]) < PAGE:
                break
        return pulled if not prove or self._adds_up(name, page["digest"]) else None

    def _ask(self, name: str, *, prove: bool) -> dict[str, Any]:
        body: dict[str, Any] = {"limit": PAGE, "digest": prove}
        if checkpoint := self._vault.get(_CHECKPOINTS, name):
            body["checkpoint"] = checkpoint
        page: dict[str, Any] = self._connection.fetch("POST", f"/sync/v1/{name}/pull", body)
        return page

    def _keep(self, name: str, page: dict[str, Any], pulled: Pulled) -> None:
        with self._vault.together():
            for document in page["documents"]:
                if document["_deleted"]:
                    self._vault.drop(f"{_ROWS}{name}", document["id"])
                    pulled.gone += 1
                else:
                    self._vault.put(f"{_ROWS}{name}", document["id"], document)
                    pulled.kept += 1
            self._vault.put(_CHECKPOINTS, name, page["checkpoint"])

    def _begin_anew(self, name: str) -> None:
        with self._vault.together():
            self._vault.clear(f"{_ROWS}{name}")
            self._vault.drop(_CHECKPOINTS, name)

    def _adds_up(self, name: str, digest: dict[str, int]) -> bool:
        marks = [_mark(document) for document in self.all(name)]
        return (len(marks), sum(marks)) == (digest["count"], digest["sum"])


def _mark(document: dict[str, Any]) -> int:
    """Return a document's share of the digest, as `/sync/v1` documents it."""
    text = f"{document['id']}\n{document['rev']}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4])
