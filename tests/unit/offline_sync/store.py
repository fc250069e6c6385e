"""A terminal's store for tests: it keeps rows and a checkpoint and applies pages as they come."""

from dataclasses import dataclass, field, replace
from typing import Any

from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from offline_sync.feed import digest
from offline_sync.pull import Pulled, pull


@dataclass
class Store:
    """What one terminal holds of one collection."""

    kernel: Kernel
    actor: Actor
    collection: str = "notes"
    rows: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    pages: int = 0

    def page(self, limit: int = 100, *, with_digest: bool = False) -> Pulled:
        """Pull once and apply what comes; a reset drops everything."""
        with self.kernel.snapshot() as uow:
            found = pull(
                uow, self.actor, self.collection, self.token, limit, with_digest=with_digest
            )
        self.pages += 1
        if found.reset:
            self.rows, self.token = {}, None
            return found
        for document in found.documents:
            if document["_deleted"]:
                self.rows.pop(document["id"], None)
            else:
                self.rows[document["id"]] = document
        self.token = found.token
        return found

    def sync(self, limit: int = 100) -> None:
        """Pull as RxDB does: until a page brings fewer documents than asked for."""
        while (found := self.page(limit)).reset or len(found.documents) >= limit:
            pass

    def copy(self) -> "Store":
        """Return the same terminal as it is now, to go on from this checkpoint later."""
        return replace(self, rows=dict(self.rows))

    @property
    def texts(self) -> dict[str, str]:
        return {doc_id: row["text"] for doc_id, row in self.rows.items()}

    @property
    def digest(self) -> tuple[int, int]:
        """Return the digest a terminal computes of what it holds."""
        hashes = [digest.of(doc_id, row["rev"]) for doc_id, row in self.rows.items()]
        return len(hashes), sum(hashes)
