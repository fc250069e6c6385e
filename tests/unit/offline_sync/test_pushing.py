"""A terminal's edits: each row by itself, and no work is ever lost."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from offline_sync.conflicts import ConflictCopy
from offline_sync.conflicts.keep import place
from offline_sync.push import Edit, push
from tests.factories.sync import NOTE, City, Notes, push_row, statements
from tests.unit.offline_sync.store import Store


def send(kernel: Kernel, actor: Actor, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    edits = [Edit(row["newDocumentState"], row.get("assumedMasterState")) for row in rows]
    with kernel.writes() as uow:
        return push(uow, actor, "notes", edits)


def write(kernel: Kernel, notes: Notes, doc_id: str, text: str, *scopes: str) -> None:
    with kernel.writes() as uow:
        notes.write(uow, doc_id, text, scopes or ["unit:NORTH"])


def kept(kernel: Kernel) -> list[tuple[str, str, str]]:
    """Return document, reason and wanted text of every conflict copy."""
    with kernel.reads() as uow:
        copies = uow.session.scalars(select(ConflictCopy).order_by(ConflictCopy.id)).all()
        found = []
        for copy in copies:
            assert copy.sealed is not None
            content = json.loads(kernel.keys.open("copies", copy.sealed, place(copy.id)))
            found.append((copy.doc_id, copy.reason, content["newDocumentState"].get("text")))
        return found


@pytest.fixture
def actor(city: City) -> Actor:
    return city.actor("N1")


def test_a_new_document_comes_back_to_the_others(kernel: Kernel, city: City, actor: Actor) -> None:
    assert send(kernel, actor, push_row("a", "new")) == []
    other = Store(kernel, city.actor("N2"))
    other.sync()
    assert other.texts == {"a": "new"}


def test_a_lost_answer_is_repeated_without_a_second_write(
    kernel: Kernel, notes: Notes, actor: Actor
) -> None:
    for _ in range(3):
        assert send(kernel, actor, push_row("a", "new")) == []
    with kernel.reads() as uow:
        assert uow.session.execute(select(NOTE.c.version)).scalars().all() == [1]
    assert kept(kernel) == []


def test_two_edits_in_a_row_without_a_pull_between_them_are_no_conflict(
    kernel: Kernel, actor: Actor
) -> None:
    assert send(kernel, actor, push_row("a", "one")) == []
    assert send(kernel, actor, push_row("a", "two", assumed="one")) == []
    assert send(kernel, actor, push_row("a", None, assumed="two")) == []
    assert send(kernel, actor, push_row("a", None, assumed="two")) == []


def test_a_conflict_is_answered_with_todays_state_and_kept(
    kernel: Kernel, notes: Notes, actor: Actor
) -> None:
    write(kernel, notes, "a", "theirs")
    write(kernel, notes, "a", "theirs again")
    answer = send(kernel, actor, push_row("a", "mine", assumed="theirs"))
    assert answer == [{"id": "a", "text": "theirs again", "rev": 2, "_deleted": False}]
    assert kept(kernel) == [("a", "conflict", "mine")]


def test_the_same_conflict_sent_again_is_kept_once(
    kernel: Kernel, notes: Notes, actor: Actor
) -> None:
    write(kernel, notes, "a", "theirs")
    for _ in range(3):
        send(kernel, actor, push_row("a", "mine", assumed="old"))
    assert kept(kernel) == [("a", "conflict", "mine")]


def test_fields_that_can_be_merged_are_merged(
    kernel: Kernel, notes: Notes, city: City, actor: Actor
) -> None:
    write(kernel, notes, "a", "theirs")
    assert send(kernel, actor, push_row("a", "+mine", assumed="old")) == []
    store = Store(kernel, actor)
    store.sync()
    assert store.texts == {"a": "theirs+mine"}


@pytest.mark.parametrize("bad", ["forbidden", "raises", "crashes", "late"])
def test_one_bad_row_never_fails_the_batch_and_leaves_nothing_behind(
    kernel: Kernel, notes: Notes, actor: Actor, bad: str
) -> None:
    answer = send(kernel, actor, push_row("a", "first"), push_row("b", bad), push_row("c", "third"))
    assert answer == [{"id": "b", "_deleted": True}]
    store = Store(kernel, actor)
    notes.shelves[actor.id] = {"half-written"}
    store.sync()
    assert store.texts == {"a": "first", "c": "third"}
    assert [(doc_id, text) for doc_id, _, text in kept(kernel)] == [("b", bad)]


@pytest.mark.parametrize("doc_id", [None, 7, "", "x" * 65, "a\x00b"])
def test_a_row_without_a_usable_id_is_kept_and_holds_nobody_up(
    kernel: Kernel, actor: Actor, doc_id: object
) -> None:
    bad = {"newDocumentState": {"id": doc_id, "text": "lost?", "_deleted": False}}
    assert send(kernel, actor, bad, push_row("a", "fine")) == []
    assert kept(kernel) == [("", "invalid", "lost?")]


def test_an_edit_of_a_revoked_document_is_kept_and_the_row_goes(
    kernel: Kernel, notes: Notes, city: City, actor: Actor
) -> None:
    notes.shelves[actor.id] = {"case"}
    write(kernel, notes, "a", "text", "shelf:case")
    notes.shelves[actor.id] = set()
    answer = send(kernel, actor, push_row("a", "found out more", assumed="text"))
    assert answer == [{"id": "a", "_deleted": True}]
    assert kept(kernel) == [("a", "revoked", "found out more")]
    with kernel.reads() as uow:
        assert uow.session.execute(select(NOTE.c.text)).scalar_one() == "text"


def test_another_units_document_cannot_be_made(kernel: Kernel, actor: Actor) -> None:
    answer = send(kernel, actor, push_row("a", "mine", unit="SOUTH"))
    assert answer == [{"id": "a", "_deleted": True}]
    assert [row[1] for row in kept(kernel)] == ["refused"]


def test_a_collection_that_is_only_read_keeps_what_is_pushed(
    kernel: Kernel, notes: Notes, actor: Actor
) -> None:
    notes.writable = False
    write(kernel, notes, "a", "text")
    answer = send(kernel, actor, push_row("a", "mine", assumed="text"))
    assert answer == [{"id": "a", "text": "text", "rev": 1, "_deleted": False}]
    assert [row[1] for row in kept(kernel)] == ["refused"]


def test_the_owners_refusal_is_on_the_record_though_its_row_was_undone(
    kernel: Kernel, actor: Actor
) -> None:
    send(kernel, actor, push_row("a", "mine", unit="SOUTH"))
    with kernel.reads() as uow:
        outcomes = uow.session.execute(select(ENTRIES.c.action, ENTRIES.c.outcome)).all()
    assert ("test_notes.note.edit", "denied") in [tuple(row) for row in outcomes]
    assert ("offline_sync.collection.push", "permitted") in [tuple(row) for row in outcomes]


def test_kept_work_is_sealed(kernel: Kernel, notes: Notes, actor: Actor) -> None:
    write(kernel, notes, "a", "theirs")
    send(kernel, actor, push_row("a", "the witness is Erika", assumed="old"))
    with kernel.reads() as uow:
        sealed = uow.session.scalars(select(ConflictCopy.sealed)).one()
    assert sealed is not None
    assert b"Erika" not in sealed


def test_a_batch_costs_little_beside_its_rows(kernel: Kernel, actor: Actor) -> None:
    send(kernel, actor, push_row("first", "makes the scope"))
    with statements() as one:
        send(kernel, actor, push_row("a", "text"))
    with statements() as ten:
        send(kernel, actor, *(push_row(f"b{number}", "text") for number in range(10)))
    per_row = (ten.statements - one.statements) / 9
    assert per_row <= 5  # savepoint, the owner's three, release
    assert one.statements - 5 <= 9  # BEGIN, the look at the feed, six by the finisher, audit
