"""The order of the log on PostgreSQL, where many write at once and dumps move between clusters."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from muster.kernel.audit import seal
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES
from muster.kernel.db import Mode


def sealed_order(log) -> list[int]:
    with log.db.session(Mode.READS) as session:
        return list(session.scalars(select(LEAVES.c.n).order_by(LEAVES.c.seq)))


@pytest.fixture(scope="module", params=["postgres"])
def make_database(request, open_databases, tmp_path_factory) -> Iterator:
    yield from open_databases[request.param](tmp_path_factory.mktemp("log"))


def test_an_entry_that_commits_late_is_sealed_in_its_turn(log):
    slow = log.db.session(Mode.WRITES)
    log.audit.append(slow, log.acts(1))
    log.append(log.acts(1))
    assert seal(log) == 0, "the older transaction could still come in before"
    slow.commit()
    slow.close()
    log.seal(2)
    assert sealed_order(log) == [1, 2]


def test_a_log_restored_to_another_cluster_is_sealed_on(log):
    far = 2**40  # the ids of a cluster that lived longer
    log.fill(3)
    log.append(log.acts(2))
    with log.db.session(Mode.WRITES) as session:
        session.execute(update(ENTRIES).values(xid=ENTRIES.c.xid + far))
        session.execute(update(CHECKPOINTS).values(xid=CHECKPOINTS.c.xid + far))
        session.commit()
    log.append(log.acts(1))
    assert seal(log) == 2, "first what came with the dump"
    log.seal(1)
    log.fill(1)
    assert sealed_order(log) == list(range(1, 8))
    assert log.verdict().ok
