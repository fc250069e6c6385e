"""RxDB 17 as it is replicates with Muster: pull, push, conflicts, tombstones, revocation."""

import pytest
from sqlalchemy import select

from muster.kernel.kernel import Kernel
from offline_sync.conflicts import ConflictCopy
from tests.clients.rxdb.conftest import RxDB
from tests.factories.sync import NOTE, City, Notes

pytestmark = pytest.mark.needs("npm")


def write(kernel: Kernel, notes: Notes, doc_id: str, text: str, *scopes: str) -> None:
    with kernel.writes() as uow:
        notes.write(uow, doc_id, text, scopes or ["unit:NORTH"])


def stored(kernel: Kernel) -> dict[str, tuple[str, int]]:
    with kernel.reads() as uow:
        rows = uow.session.execute(select(NOTE))
        return {row.id: (row.text, row.version) for row in rows}


def test_the_first_sync_brings_every_page(kernel: Kernel, notes: Notes, rxdb: RxDB) -> None:
    with kernel.writes() as uow:
        for number in range(35):
            notes.write(uow, f"d{number}", f"text {number}", ["unit:NORTH"])
        notes.write(uow, "theirs", "not for us", ["unit:SOUTH"])
    rxdb.open("a", "N1")
    assert rxdb.rows("a") == {f"d{number}": f"text {number}" for number in range(35)}
    assert rxdb.do("errors", name="a") == []


def test_a_change_on_one_terminal_comes_to_the_other_by_itself(rxdb: RxDB) -> None:
    rxdb.open("a", "N1")
    rxdb.open("b", "N2")
    rxdb.do("put", name="a", id="x", text="seen at the bridge")
    rxdb.sees("b", {"x": "seen at the bridge"})
    rxdb.do("put", name="b", id="x", text="gone from the bridge")
    rxdb.sees("a", {"x": "gone from the bridge"})
    rxdb.do("remove", name="a", id="x")
    rxdb.sees("b", {})


def test_of_two_edits_made_apart_one_stands_and_the_other_is_kept(
    kernel: Kernel, notes: Notes, rxdb: RxDB
) -> None:
    write(kernel, notes, "x", "as it was")
    rxdb.open("a", "N1")
    rxdb.open("b", "N2")
    rxdb.do("pause", name="b")
    rxdb.do("put", name="b", id="x", text="made in the tunnel")
    rxdb.do("put", name="a", id="x", text="made on the road")
    rxdb.do("synced", name="a")
    rxdb.do("start", name="b")
    rxdb.sees("b", {"x": "made on the road"})
    assert stored(kernel)["x"][0] == "made on the road"
    with kernel.reads() as uow:
        assert uow.session.scalars(select(ConflictCopy.reason)).all() == ["conflict"]


def test_a_lost_answer_makes_one_write(kernel: Kernel, rxdb: RxDB) -> None:
    rxdb.open("a", "N1")
    rxdb.do("lose", name="a", path="push")
    rxdb.do("put", name="a", id="x", text="once")
    rxdb.do("synced", name="a")
    assert len(rxdb.do("errors", name="a")) == 1
    assert stored(kernel) == {"x": ("once", 1)}


def test_a_revoked_scope_leaves_the_terminal_on_its_next_pull(
    kernel: Kernel, notes: Notes, city: City, rxdb: RxDB
) -> None:
    shelves = notes.shelves[city.officers["N1"]]
    shelves.add("case")
    write(kernel, notes, "secret", "an informant", "shelf:case")
    write(kernel, notes, "open", "a road block")
    rxdb.open("a", "N1")
    assert set(rxdb.rows("a")) == {"secret", "open"}
    shelves.clear()
    rxdb.do("resync", name="a")
    assert rxdb.rows("a") == {"open": "a road block"}


def test_a_row_that_is_refused_is_taken_back_and_holds_up_no_other(
    kernel: Kernel, rxdb: RxDB
) -> None:
    rxdb.open("a", "N1")
    for doc_id, text in (("x", "fine"), ("y", "forbidden"), ("z", "fine too")):
        rxdb.do("put", name="a", id=doc_id, text=text)
    rxdb.sees("a", {"x": "fine", "z": "fine too"})
    assert stored(kernel) == {"x": ("fine", 1), "z": ("fine too", 1)}
