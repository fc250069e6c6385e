"""Proofs: one entry shown to anybody, from a handful of rows, and nothing else passes for it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from muster.kernel.audit import (
    LogDamaged,
    NotSealed,
    Proof,
    VerifierKey,
    merkle,
    notes,
    proofs,
    prove,
    prove_consistency,
    verify_proof,
)
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES, TILES
from muster.kernel.db import Mode
from muster.kernel.errors import InvalidInput, NotFound

shared = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def key_of(log) -> VerifierKey:
    unit = log.unit()
    origin = notes.parse(proofs.latest_note(unit)).origin
    unit.close()
    return VerifierKey.of(origin, log.keys.signer("audit_checkpoint"))


def proof_of(log, seq: int) -> Proof:
    unit = log.unit()
    query = select(ENTRIES.c.id).join(LEAVES, LEAVES.c.n == ENTRIES.c.n).where(LEAVES.c.seq == seq)
    proof = prove(unit, unit.session.scalars(query).one())
    unit.close()
    return proof


@shared
@given(st.integers(0, 699))
def test_every_entry_has_a_proof_that_verifies(long_log, seq):
    proof = proof_of(long_log, seq)
    assert (proof.seq, proof.size) == (seq, 700)
    assert verify_proof(proof, key_of(long_log))


@shared
@given(st.integers(0, 699), st.integers(0, 9))
def test_an_altered_proof_fails(long_log, seq, place):
    proof, key = proof_of(long_log, seq), key_of(long_log)
    place %= len(proof.path)
    path = (*proof.path[:place], bytes(32), *proof.path[place + 1 :])
    wrong = [
        replace(proof, entry=proof.entry + b" "),
        replace(proof, seq=(proof.seq + 1) % 700),
        replace(proof, size=proof.size - 1),
        replace(proof, path=path),
        replace(proof, path=proof.path[:-1]),
        replace(proof, note=proof.note.replace("\n700\n", "\n701\n")),
        replace(proof, note=""),
        replace(proof, algorithm="rfc6962-md5"),
    ]
    assert not any(verify_proof(proof, key) for proof in wrong)
    assert not verify_proof(proof, VerifierKey(key.name, bytes(32)))


def test_a_proof_reads_few_statements_and_rows(long_log):
    statements = []
    event.listen(long_log.db.engine, "before_cursor_execute", lambda *now: statements.append(now))
    proof_of(long_log, 300)
    assert len([one for one in statements if one[2] != "BEGIN"]) <= 5


def test_an_unsealed_entry_has_no_proof_yet(log):
    log.fill(1)
    late = log.acts(1)
    log.append(late)
    unit = log.unit()
    with pytest.raises(NotSealed):
        prove(unit, late[0].id)
    unit.rollback()
    log.seal(1)
    assert verify_proof(prove(unit, late[0].id), key_of(log))
    unit.close()


def test_an_unknown_entry_is_not_found(log):
    unit = log.unit()
    with pytest.raises(NotFound):
        prove(unit, uuid4())
    unit.close()


@shared
@given(st.sampled_from([1, 2, 100, 357, 700]))
def test_the_log_proves_that_it_only_grew(long_log, old):
    unit = long_log.unit()
    path, note = prove_consistency(unit, old)
    query = select(CHECKPOINTS.c.root).where(CHECKPOINTS.c.size == old)
    old_root = unit.session.scalars(query).one()
    unit.close()
    now = notes.parse(note)
    assert merkle.verify_consistency(old, now.size, old_root, now.root, path)


@pytest.mark.parametrize("size", [0, -1, 701])
def test_a_size_the_log_never_had_is_refused(long_log, size):
    unit = long_log.unit()
    with pytest.raises(InvalidInput, match="from 1 to 700"):
        prove_consistency(unit, size)
    unit.close()


@pytest.mark.parametrize("hole", [delete(TILES), delete(LEAVES).where(LEAVES.c.seq == 698)])
def test_a_hole_in_the_stored_tree_is_named_as_damage(long_log, hole):
    unit = long_log.unit(Mode.WRITES)
    wanted = unit.session.scalars(select(ENTRIES.c.id).order_by(ENTRIES.c.n.desc())).first()
    unit.session.execute(hole)
    with pytest.raises(LogDamaged):
        prove(unit, wanted)
    unit.rollback()
    unit.close()
