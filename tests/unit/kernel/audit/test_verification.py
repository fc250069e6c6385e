"""Verification: whatever is done to a log is found, in the database and in an export of it."""

import json
import tempfile
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from muster.kernel.audit import (
    Exported,
    Live,
    NoteInvalid,
    Verdict,
    VerifierKey,
    export,
    merkle,
    notes,
    verify,
)
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES, SUBJECTS, TILES
from muster.kernel.db import Mode

SIZES = [0, 1, 2, 100, 357, 700]  # of long_log's checkpoints
shared = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
places = st.integers(0, 699)


def bracket(seq: int) -> tuple[int, int]:
    """The first and last entry under the checkpoint that covers this one."""
    end = next(size for size in SIZES if size > seq)
    return SIZES[SIZES.index(end) - 1], end - 1


def after(log, tamper: Callable, **how) -> Verdict:
    """Verify the live log as somebody with the database's rights left it, then undo that."""
    unit = log.unit(Mode.WRITES)
    try:
        tamper(unit.session)
        return verify(Live(unit), **how)
    finally:
        unit.rollback()
        unit.close()


def exported_after(log, tamper: Callable, **how) -> Verdict:
    """The same, through an export made of the tampered database."""
    unit = log.unit(Mode.WRITES)
    try:
        tamper(unit.session)
        with tempfile.TemporaryDirectory() as folder:
            export(unit, Path(folder))
            return verify(Exported(Path(folder)), **how)
    finally:
        unit.rollback()
        unit.close()


@pytest.fixture(params=[after, exported_after])
def look(request):
    return request.param


def untouched(session) -> None:
    """Tamper with nothing."""


def number_of(session, seq: int) -> int:
    return session.scalars(select(LEAVES.c.n).where(LEAVES.c.seq == seq)).one()


def set_entry(session, seq: int, canonical: bytes) -> None:
    n = number_of(session, seq)
    session.execute(update(ENTRIES).where(ENTRIES.c.n == n).values(canonical=canonical))


def set_leaf(session, seq: int, canonical: bytes) -> None:
    hash_ = merkle.leaf_hash(canonical)
    session.execute(update(LEAVES).where(LEAVES.c.seq == seq).values(hash=hash_))


def entry_at(session, seq: int) -> bytes:
    query = select(ENTRIES.c.canonical).where(ENTRIES.c.n == number_of(session, seq))
    return session.scalars(query).one()


def where(verdict: Verdict) -> tuple[int, int] | None:
    return verdict.finding and (verdict.finding.first, verdict.finding.last)


def test_an_untouched_log_is_good(long_log, look):
    verdict = look(long_log, untouched)
    assert verdict.ok, str(verdict)
    assert (verdict.size, verdict.checkpoints) == (700, 5)
    assert str(verdict) == "700 entries and 5 checkpoints are as they were signed"


def test_an_empty_log_is_good(log, look):
    verdict = look(log, untouched)
    assert (verdict.ok, verdict.size) == (True, 0)


@shared
@given(places, st.binary(max_size=40))
def test_an_edited_entry_is_named(long_log, look, seq, content):
    verdict = look(long_log, lambda session: set_entry(session, seq, content))
    assert where(verdict) == (seq, seq)


@shared
@given(places)
def test_a_deleted_entry_is_named(long_log, look, seq):
    def tamper(session):
        session.execute(delete(ENTRIES).where(ENTRIES.c.n == number_of(session, seq)))

    assert where(look(long_log, tamper)) == (seq, seq)


@shared
@given(places)
def test_a_deleted_leaf_is_named(long_log, look, seq):
    verdict = look(
        long_log, lambda session: session.execute(delete(LEAVES).where(LEAVES.c.seq == seq))
    )
    assert verdict.first_bad == seq


@shared
@given(places, st.binary(max_size=40))
def test_an_entry_edited_together_with_its_leaf_is_found_between_two_checkpoints(
    long_log, look, seq, content
):
    def tamper(session):
        content_ = content.replace(b"\n", b" ") or b"{}"
        set_entry(session, seq, content_)
        set_leaf(session, seq, content_)

    assert where(look(long_log, tamper)) == bracket(seq)


@shared
@given(places, places)
def test_two_entries_that_changed_places_are_found(long_log, look, one, other):
    if one == other:
        return

    def tamper(session):
        first, second = entry_at(session, one), entry_at(session, other)
        for seq, canonical in ((one, second), (other, first)):
            set_entry(session, seq, canonical)
            set_leaf(session, seq, canonical)

    assert where(look(long_log, tamper)) == bracket(min(one, other))


@shared
@given(places)
def test_an_inserted_entry_is_found(long_log, look, seq):
    def tamper(session):
        """Move every later leaf up by one and put a new entry into the gap."""
        lift = 1_000_000
        later = LEAVES.c.seq >= seq
        session.execute(update(LEAVES).where(later).values(seq=LEAVES.c.seq + lift))
        session.execute(update(LEAVES).where(later).values(seq=LEAVES.c.seq - lift + 1))
        row = dict(session.execute(select(ENTRIES).limit(1)).mappings().one())
        row |= {"n": 10_000, "id": uuid4(), "canonical": b"{}"}
        session.execute(insert(ENTRIES).values(row))
        leaf = {"seq": seq, "n": 10_000, "hash": merkle.leaf_hash(b"{}")}
        session.execute(insert(LEAVES).values(leaf))

    assert where(look(long_log, tamper)) == bracket(seq)


@shared
@given(st.integers(0, 698))
def test_a_log_cut_short_is_found_where_it_ends(long_log, look, size):
    verdict = look(
        long_log, lambda session: session.execute(delete(LEAVES).where(LEAVES.c.seq >= size))
    )
    assert verdict.first_bad == size


@pytest.mark.parametrize("size", [1, 2, 100, 357])
def test_a_log_cut_short_with_its_checkpoints_is_found_by_a_kept_checkpoint(long_log, look, size):
    kept = note_of(long_log, 700)

    def tamper(session):
        session.execute(delete(LEAVES).where(LEAVES.c.seq >= size))
        session.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.size > size))
        session.execute(delete(TILES).where(TILES.c.idx >= size // 256))
        session.execute(delete(ENTRIES).where(ENTRIES.c.n > size))
        session.execute(update(CHECKPOINTS).values(n=size))

    assert look(long_log, tamper).ok, "nothing in the log itself tells"
    assert where(look(long_log, tamper, witnesses=[kept])) == (size, 699)


@pytest.mark.parametrize("size", [1, 2, 100, 357, 700])
def test_a_kept_checkpoint_of_the_same_log_changes_nothing(long_log, look, size):
    kept = [note_of(long_log, size), note_of(long_log, 700)]
    assert look(long_log, untouched, witnesses=kept).ok


@pytest.mark.parametrize("column", ["note", "root_in_note"])
def test_a_changed_checkpoint_is_found(long_log, look, column):
    def tamper(session):
        note = note_of(long_log, 100)
        root = b64encode(notes.parse(note).root).decode()
        changed = (
            "rubbish" if column == "note" else note.replace(root, b64encode(bytes(32)).decode())
        )
        session.execute(update(CHECKPOINTS).where(CHECKPOINTS.c.size == 100).values(note=changed))

    assert look(long_log, tamper).first_bad == 2


def test_checkpoints_that_changed_places_are_found(long_log, look):
    def tamper(session):
        for size, other in ((100, 357), (357, 100)):
            values = {"note": note_of(long_log, other)}
            session.execute(update(CHECKPOINTS).where(CHECKPOINTS.c.size == size).values(values))

    assert look(long_log, tamper).first_bad == 357


def test_a_leaf_behind_the_last_checkpoint_is_found(long_log):
    def tamper(session):
        leaf = {"seq": 700, "n": 10_000, "hash": bytes(32)}
        session.execute(insert(LEAVES).values(leaf))

    assert where(after(long_log, tamper)) == (700, 700)


def test_lines_behind_the_last_checkpoint_are_found_in_an_export(long_log, tmp_path):
    folder = long_log.export(tmp_path)
    with (folder / "entries.jsonl").open("ab") as file:
        file.write(b"{}\n")
    assert where(verify(Exported(folder))) == (700, 700)


def test_a_rewritten_log_signed_with_the_real_key_is_found_by_a_kept_checkpoint(long_log, tmp_path):
    """The worst insider: has the signing key, rewrites an entry and signs every checkpoint anew."""
    folder, kept = long_log.export(tmp_path), note_of(long_log, 357)
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    lines[200] = b"{}"
    hashes = [merkle.leaf_hash(line) for line in lines]
    (folder / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "leaves.txt").write_text("".join(f"{hash_.hex()}\n" for hash_ in hashes))
    tree, forged = merkle.CompactRange(), []
    for hash_ in hashes:
        tree.append(hash_)
        if tree.size in SIZES:
            signed = notes.Checkpoint(notes.parse(kept).origin, tree.size, tree.root())
            forged.append(notes.sign(signed, long_log.keys.signer("audit_checkpoint")))
    (folder / "checkpoints.jsonl").write_text("".join(json.dumps(one) + "\n" for one in forged))
    assert verify(Exported(folder)).ok
    early = note_of(long_log, 100)
    assert where(verify(Exported(folder), witnesses=[kept])) == (100, 356)
    assert where(verify(Exported(folder), witnesses=[kept, early])) == (100, 356)


def test_an_export_signed_by_a_stranger_fails_under_the_real_key(long_log, log, tmp_path):
    log.fill(3)
    folder = log.export(tmp_path)
    real = VerifierKey.of(
        notes.parse(note_of(log, 3)).origin, long_log.keys.signer("audit_checkpoint")
    )
    assert verify(Exported(folder)).ok
    assert verify(Exported(folder), keys=[real]).first_bad == 0


def test_a_kept_checkpoint_that_is_none_is_refused(long_log):
    with pytest.raises(NoteInvalid):
        after(long_log, untouched, witnesses=["not a note"])


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_label", "somebody else"), ("policies", ["p9"]), ("device_id", uuid4())],
)
def test_a_row_that_would_be_found_under_something_else_is_named(long_log, column, value):
    def tamper(session):
        row = ENTRIES.c.n == number_of(session, 123)
        session.execute(update(ENTRIES).where(row).values({column: value}))

    verdict = after(long_log, tamper)
    assert where(verdict) == (123, 123)
    assert column in verdict.finding.what


def test_an_added_subject_is_found(long_log):
    def tamper(session):
        row = {"n": number_of(session, 5), "hash": sha256(b"").hexdigest(), "key_id": "k"}
        session.execute(insert(SUBJECTS).values(row))

    assert where(after(long_log, tamper)) == (5, 5)


def test_an_entry_slipped_in_behind_the_sealed_ones_is_found(long_log):
    def tamper(session):
        row = dict(session.execute(select(ENTRIES).limit(1)).mappings().one())
        session.execute(insert(ENTRIES).values({**row, "n": -5, "id": uuid4()}))

    verdict = after(long_log, tamper)
    assert verdict.first_bad == 0
    assert "slipped in" in str(verdict)


def test_a_wrong_subtree_is_found(long_log):
    verdict = after(
        long_log, lambda session: session.execute(delete(TILES).where(TILES.c.idx == 1))
    )
    assert where(verdict) == (256, 511)


def note_of(log, size: int) -> str:
    with log.db.session(Mode.READS) as session:
        return session.scalars(select(CHECKPOINTS.c.note).where(CHECKPOINTS.c.size == size)).one()
