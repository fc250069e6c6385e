"""One pull after another, seen from the terminal."""

import pytest
from sqlalchemy import update

from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from offline_sync import renew_epoch
from offline_sync.errors import CheckpointInvalid, CollectionUnknown, ScopeInvalid
from offline_sync.feed.purge import forget_tombstones
from offline_sync.feed.touch import touch
from offline_sync.scopes import Scope
from tests.conftest import MovableClock
from tests.factories.sync import City, Notes, statements
from tests.unit.offline_sync.store import Store


def write(kernel: Kernel, notes: Notes, doc_id: str, text: str, *scopes: str) -> None:
    with kernel.writes() as uow:
        notes.write(uow, doc_id, text, scopes)


@pytest.fixture
def store(kernel: Kernel, city: City) -> Store:
    return Store(kernel, city.actor("N1"))


def test_a_terminal_gets_its_units_rows_and_no_others(
    kernel: Kernel, notes: Notes, store: Store
) -> None:
    write(kernel, notes, "a", "ours", "unit:NORTH")
    write(kernel, notes, "b", "theirs", "unit:SOUTH")
    store.sync()
    assert store.rows == {"a": {"id": "a", "text": "ours", "rev": 1, "_deleted": False}}


def test_an_idle_pull_costs_one_statement(kernel: Kernel, notes: Notes, store: Store) -> None:
    for number in range(30):
        write(kernel, notes, f"d{number}", "text", "unit:NORTH")
    store.sync()
    store.page()  # this minute's audit row is written
    with statements() as counts:
        assert store.page().settled
    assert counts.statements <= 2  # BEGIN is not counted on either engine


def test_one_changed_row_costs_three_statements_however_many_there_are(
    kernel: Kernel, notes: Notes, store: Store
) -> None:
    with kernel.writes() as uow:
        for number in range(1200):
            notes.write(uow, f"d{number}", "text", ["unit:NORTH"])
    store.sync(limit=500)
    assert (len(store.rows), store.pages) == (1200, 3)
    write(kernel, notes, "d7", "new text", "unit:NORTH")
    with statements() as counts:
        assert len(store.page().documents) == 1
    assert counts.statements <= 4
    assert store.texts["d7"] == "new text"


def test_a_move_between_two_units_of_ones_own_is_never_a_deletion(
    kernel: Kernel, notes: Notes, city: City, store: Store
) -> None:
    notes.shelves[city.officers["N1"]] = {"a", "b"}
    write(kernel, notes, "x", "one", "shelf:a")
    store.sync()
    write(kernel, notes, "x", "one", "shelf:b")
    page = store.page()
    assert [document["_deleted"] for document in page.documents] == [False]


@pytest.mark.parametrize("way", [("a", "b"), ("b", "a")])
def test_not_even_when_the_pages_hold_a_single_document(
    kernel: Kernel, notes: Notes, city: City, store: Store, way: tuple[str, str]
) -> None:
    notes.shelves[city.officers["N1"]] = {"a", "b"}
    write(kernel, notes, "x", "one", f"shelf:{way[0]}")
    write(kernel, notes, "y", "one", f"shelf:{way[1]}")
    store.sync()
    write(kernel, notes, "x", "one", f"shelf:{way[1]}")
    deletions = [doc for _ in range(3) for doc in store.page(limit=1).documents if doc["_deleted"]]
    assert deletions == []


def test_a_scope_that_comes_back_half_taken_away_is_whole_again_and_no_more(
    kernel: Kernel, notes: Notes, city: City, store: Store
) -> None:
    notes.shelves[city.officers["N1"]] = {"case"}
    for number in range(4):
        write(kernel, notes, f"d{number}", "text", "shelf:case")
    store.sync()
    notes.shelves[city.officers["N1"]] = set()
    store.page(limit=1)
    write(kernel, notes, "d3", "text", "shelf:elsewhere")
    notes.shelves[city.officers["N1"]] = {"case"}
    store.sync(limit=2)
    assert set(store.rows) == {"d0", "d1", "d2"}


def test_a_moved_row_leaves_the_terminal_that_may_not_follow_it(
    kernel: Kernel, notes: Notes, store: Store
) -> None:
    write(kernel, notes, "x", "one", "unit:NORTH")
    store.sync()
    write(kernel, notes, "x", "secret", "unit:SOUTH")
    assert list(store.page().documents) == [{"id": "x", "_deleted": True}]


def test_a_revoked_scope_is_gone_on_the_very_next_pull(
    kernel: Kernel, notes: Notes, city: City, store: Store
) -> None:
    notes.shelves[city.officers["N1"]] = {"case", "other"}
    for number in range(5):
        write(kernel, notes, f"d{number}", "text", "shelf:case")
    write(kernel, notes, "both", "text", "shelf:case", "shelf:other")
    store.sync()
    notes.shelves[city.officers["N1"]] = {"other"}
    store.page()
    assert set(store.rows) == {"both"}


def test_the_next_officer_on_the_terminal_keeps_only_what_they_may_hold(
    kernel: Kernel, notes: Notes, city: City, store: Store
) -> None:
    write(kernel, notes, "n", "north", "unit:NORTH")
    write(kernel, notes, "s", "south", "unit:SOUTH")
    write(kernel, notes, "p", "mine", f"personal:{city.officers['N1']}")
    store.sync()
    store.actor = city.actor("S1")
    store.sync()
    assert set(store.rows) == {"s"}


def test_a_page_is_full_as_long_as_there_is_more(
    kernel: Kernel, notes: Notes, city: City, store: Store
) -> None:
    notes.shelves[city.officers["N1"]] = {"a", "b", "c"}
    for number in range(10):
        write(kernel, notes, f"d{number}", "text", "shelf:a", "shelf:b", "shelf:c")
    assert len(store.page(limit=4).documents) == 4
    store.sync(limit=4)
    assert len(store.rows) == 10


@pytest.mark.parametrize("damage", ["", "x", "!!!", "AAAA", "é"])
def test_a_forged_checkpoint_is_refused(store: Store, damage: str) -> None:
    store.sync()
    assert store.token is not None
    store.token = (store.token[:-4] + damage) if damage else store.token[:-1]
    with pytest.raises(CheckpointInvalid):
        store.page()


def test_a_checkpoint_of_another_collection_is_refused(
    kernel: Kernel, store: Store, city: City
) -> None:
    store.sync()
    other = Store(kernel, city.actor("N1"), collection="absent", token=store.token)
    with pytest.raises(CollectionUnknown):
        other.page()


def test_after_a_restore_every_terminal_begins_anew(
    kernel: Kernel, notes: Notes, store: Store
) -> None:
    write(kernel, notes, "a", "text", "unit:NORTH")
    store.sync()
    with kernel.writes() as uow:
        renew_epoch(uow, "restored from last night's backup")
    assert store.page().reset
    store.sync()
    assert store.texts == {"a": "text"}


def test_a_terminal_ahead_of_the_server_begins_anew(
    kernel: Kernel, notes: Notes, store: Store
) -> None:
    write(kernel, notes, "a", "text", "unit:NORTH")
    store.sync()
    with kernel.writes() as uow:  # what a restore without `renew_epoch` looks like
        _set_back(uow)
    assert store.page().reset


def _set_back(uow: UnitOfWork) -> None:
    uow.session.execute(update(Scope).values(v=0))


def test_a_terminal_away_longer_than_tombstones_are_kept_begins_anew(
    kernel: Kernel, notes: Notes, city: City, clock: MovableClock
) -> None:
    away, present = (Store(kernel, city.actor("N1")) for _ in range(2))
    write(kernel, notes, "a", "text", "unit:NORTH")
    write(kernel, notes, "b", "text", "unit:NORTH")
    away.sync()
    with kernel.writes() as uow:
        notes.delete(uow, "a")
    present.sync()
    clock.advance(days=91)
    with kernel.writes() as uow:
        assert forget_tombstones(uow) == 1
    present.sync()
    assert set(present.rows) == {"b"}
    assert away.page().reset
    away.sync()
    assert set(away.rows) == {"b"}


def test_a_new_schema_sends_every_row_again(kernel: Kernel, notes: Notes, store: Store) -> None:
    write(kernel, notes, "a", "text", "unit:NORTH")
    write(kernel, notes, "b", "text", "unit:NORTH")
    store.sync()
    notes.schema_version = 2
    assert {document["id"] for document in store.page().documents} == {"a", "b"}
    assert store.page().settled


@pytest.mark.parametrize(
    "key", ["", "north", "unit:", "Unit:NORTH", "unit:a b", "unit:" + "x" * 200]
)
def test_an_owner_cannot_name_a_scope_wrongly(kernel: Kernel, key: str) -> None:
    with pytest.raises(ScopeInvalid), kernel.writes() as uow:
        touch(uow, "notes", "a", 1, [key])


def test_a_rolled_back_write_is_never_heard_of(kernel: Kernel, notes: Notes, store: Store) -> None:
    uow = kernel.writes()
    notes.write(uow, "a", "text", ["unit:NORTH"])
    uow.rollback()
    uow.close()
    store.sync()
    assert store.rows == {}
