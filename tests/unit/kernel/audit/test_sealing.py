"""Sealing: commit order, whole batches, and nothing lost or doubled when it dies half-way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pymerkle import InmemoryTree
from sqlalchemy import event, select

from muster.kernel.audit import notes, proofs, seal, sealer
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES, TILES
from muster.kernel.db import Mode


class KilledError(Exception):
    pass


def read(log, query) -> list:
    with log.db.session(Mode.READS) as session:
        return list(session.execute(query))


def root(log) -> tuple[int, bytes]:
    unit = log.unit()
    checkpoint = notes.parse(proofs.latest_note(unit))
    unit.close()
    return checkpoint.size, checkpoint.root


def expected_root(log) -> bytes:
    tree = InmemoryTree(algorithm="sha256")
    order = select(ENTRIES.c.canonical).order_by(ENTRIES.c.xid, ENTRIES.c.n)
    tree.append_entries([canonical for (canonical,) in read(log, order)])
    return tree.get_root()


def test_nothing_to_seal_writes_nothing(log):
    assert seal(log) == 0
    assert read(log, select(CHECKPOINTS)) == []


def test_sealing_reports_how_many_and_seals_nothing_twice(log):
    log.append(log.acts(10))
    log.seal(10)
    assert seal(log) == 0


def test_many_batches_give_the_root_of_one(log, monkeypatch):
    monkeypatch.setattr(sealer, "BATCH", 7)
    log.fill(1, 30, 2, 300)
    assert root(log) == (333, expected_root(log))
    sizes = [size for (size,) in read(log, select(CHECKPOINTS.c.size).order_by("size"))]
    assert sizes[:7] == [1, 8, 15, 22, 29, 31, 33]
    assert [level for (level,) in read(log, select(TILES.c.level))] == [1]


def test_a_log_keeps_one_name_and_no_two_logs_share_it(log, other_log):
    log.fill(2, 2)
    other_log.fill(1)
    names = {name for (name,) in read(log, select(CHECKPOINTS.c.origin))}
    assert len(names) == 1
    assert names.isdisjoint(read(other_log, select(CHECKPOINTS.c.origin))[0])


def test_dying_before_any_statement_loses_and_doubles_nothing(log):
    log.append(log.acts(600))
    left = 0

    def die(*_):
        nonlocal left
        left -= 1
        if left < 0:
            raise KilledError

    event.listen(log.db.engine, "before_cursor_execute", die)
    deaths = 0
    sealed = 0
    while not sealed:
        left = deaths
        try:
            sealed = seal(log)
        except KilledError:
            deaths += 1
    event.remove(log.db.engine, "before_cursor_execute", die)
    assert deaths >= 6, "it could die at reading, at leaves, tiles and checkpoint"
    assert root(log) == (600, expected_root(log))
    assert log.verdict().ok


def test_a_killed_process_leaves_a_log_that_another_goes_on_with(log):
    log.append(log.acts(300))
    script = Path(__file__).with_name("killed_sealer.py")
    url = log.db.url.render_as_string(hide_password=False)
    master_key = log.keys._master_key.hex()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, script, url, master_key]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert read(log, select(LEAVES)) == []
    log.seal(300)
    assert log.verdict().ok


def test_of_two_sealers_only_one_goes_on_from_a_checkpoint(log):
    with log.db.session(Mode.READS) as session:
        behind = sealer.head(session)
    log.fill(1)
    with log.db.session(Mode.WRITES) as session:
        assert not sealer._is_next(session, behind.size)
        assert sealer._is_next(session, 1)


def test_a_rotated_key_signs_on_and_the_old_one_still_counts(log):
    log.fill(3)
    with log.db.session(Mode.WRITES) as session:
        unit = log.unit()
        unit._session = session
        log.keys.rotate(unit, "audit_checkpoint", at_once=True)
        session.commit()
    log.keys.reload()
    log.fill(2)
    assert len({key for (key,) in read(log, select(CHECKPOINTS.c.key_id))}) == 2
    assert log.verdict().ok


def test_an_idle_round_costs_a_few_reads_and_no_write(log):
    log.fill(5)
    statements = []
    event.listen(log.db.engine, "before_cursor_execute", lambda *now: statements.append(now[2]))
    assert seal(log) == 0
    assert {statement.split()[0] for statement in statements if statement != "BEGIN"} == {"SELECT"}
    assert len(statements) <= 3
