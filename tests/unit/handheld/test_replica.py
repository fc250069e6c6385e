import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.handheld import Connection, Refused, Vault
from muster.handheld import replica as replicas
from muster.handheld.errors import FileDamaged
from muster.handheld.proofs import DeviceKey
from muster.handheld.replica import Replica

Speaks = Callable[[Callable[[httpx.Request], httpx.Response]], Connection]


@dataclass
class Feed:
    """A server's side of one collection: a log of changes, a checkpoint being a place in it."""

    log: list[tuple[str, int | None]] = field(default_factory=list)
    forgotten: bool = False
    lie: int = 0

    def put(self, doc_id: str, rev: int) -> None:
        self.log.append((doc_id, rev))

    def remove(self, doc_id: str) -> None:
        self.log.append((doc_id, None))

    def held(self) -> dict[str, int]:
        final = dict(self.log)
        return {doc_id: rev for doc_id, rev in final.items() if rev is not None}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        if self.forgotten and "checkpoint" in asked:
            return httpx.Response(200, json={"documents": [], "checkpoint": None, "reset": True})
        at = int(asked.get("checkpoint", {"token": 0})["token"])
        page = self.log[at : at + asked["limit"]]
        answer: dict[str, Any] = {
            "documents": [_document(doc_id, dict(self.log)[doc_id]) for doc_id, _ in page],
            "checkpoint": {"token": str(at + len(page))},
        }
        if asked["digest"]:
            marks = [_mark(doc_id, rev) for doc_id, rev in self.held().items()]
            answer["digest"] = {"count": len(marks), "sum": sum(marks) + self.lie}
        return httpx.Response(200, json=answer)


def _document(doc_id: str, rev: int | None) -> dict[str, Any]:
    if rev is None:
        return {"id": doc_id, "_deleted": True}
    return {"id": doc_id, "rev": rev, "_deleted": False, "body": rev}


def _mark(doc_id: str, rev: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{doc_id}\n{rev}".encode()).digest()[:4])


def revisions(replica: Replica) -> dict[str, int]:
    return {document["id"]: document["rev"] for document in replica.all("tasks")}


def test_documents_come_and_tombstones_take_them_away(vault: Vault, speaks: Speaks) -> None:
    feed = Feed()
    replica = Replica(vault, speaks(feed))
    feed.put("a", 1)
    feed.put("b", 1)
    assert replica.pull("tasks", prove=True).kept == 2
    feed.remove("a")
    pulled = replica.pull("tasks", prove=True)
    assert (pulled.kept, pulled.gone) == (0, 1)
    assert revisions(replica) == {"b": 1}


def test_a_reset_begins_anew_and_touches_no_unsent_work(vault: Vault, speaks: Speaks) -> None:
    feed = Feed()
    replica = Replica(vault, speaks(feed))
    feed.put("old", 1)
    replica.pull("tasks")
    vault.append("outbox", "1", "unsent")
    feed.log, feed.forgotten = [("new", 1)], True
    assert replica.pull("tasks").reset
    assert revisions(replica) == {"new": 1}
    assert vault.get("outbox", "1") == "unsent"


def test_rows_that_do_not_add_up_are_pulled_anew(vault: Vault, speaks: Speaks) -> None:
    feed = Feed()
    replica = Replica(vault, speaks(feed))
    feed.put("a", 1)
    replica.pull("tasks")
    vault.drop("rows/tasks", "a")
    assert replica.pull("tasks", prove=True).reset
    assert revisions(replica) == {"a": 1}


def test_a_server_whose_digest_never_fits_is_not_believed(vault: Vault, speaks: Speaks) -> None:
    replica = Replica(vault, speaks(Feed([("a", 1)], lie=1)))
    with pytest.raises(FileDamaged):
        replica.pull("tasks", prove=True)


def test_a_refusal_leaves_the_terminal_where_it_was(vault: Vault, speaks: Speaks) -> None:
    feed = Feed([("a", 1)])
    Replica(vault, speaks(feed)).pull("tasks")
    refusing = Replica(vault, speaks(lambda _: httpx.Response(403, json={"code": "no"})))
    with pytest.raises(Refused):
        refusing.pull("tasks")
    assert revisions(refusing) == {"a": 1}


changes = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(1, 9), st.booleans()), max_size=30
)


@given(history=changes, page=st.integers(1, 4))
def test_whatever_happens_the_terminal_ends_with_what_the_server_has(
    history: list[tuple[str, int | None, bool]],
    page: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    feed = Feed()
    vault = Vault(tmp_path_factory.mktemp("vault"))
    connection = Connection(
        vault, DeviceKey(vault), "http://x", transport=httpx.MockTransport(feed)
    )
    replica = Replica(vault, connection)
    whole, replicas.PAGE = replicas.PAGE, page
    try:
        for doc_id, rev, pull_now in history:
            feed.log.append((doc_id, rev))
            if pull_now:
                replica.pull("tasks")
        replica.pull("tasks", prove=True)
    finally:
        replicas.PAGE = whole
    assert revisions(replica) == feed.held()
    connection.close()
    vault.close()
