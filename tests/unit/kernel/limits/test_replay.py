"""A proof is good once, on every process, until it has expired."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from muster.kernel.errors import Busy
from muster.kernel.limits import MemoryReplay, ReplayRow, SharedReplay, replay


@pytest.fixture(params=["memory", "shared"])
def cache(request, bare):
    if request.param == "memory":
        return MemoryReplay(bare.clock)
    return SharedReplay(bare.db, bare.clock)


def test_a_proof_is_new_once(bare, cache):
    until = bare.clock() + timedelta(minutes=5)
    assert not cache.seen("jti-1", until)
    assert cache.seen("jti-1", until)
    assert not cache.seen("jti-2", until)


def test_a_proof_is_remembered_until_its_last_second(bare, cache):
    until = bare.clock() + timedelta(minutes=5)
    cache.seen("jti-1", until)
    bare.clock.advance(minutes=5)
    assert cache.seen("jti-1", until)


def test_a_proof_shown_to_one_process_is_refused_by_the_other(bare, another):
    here, there = SharedReplay(bare.db, bare.clock), SharedReplay(another().db, bare.clock)
    until = bare.clock() + timedelta(minutes=5)
    assert not here.seen("jti-1", until)
    assert there.seen("jti-1", until)


def test_memory_says_since_when_it_remembers(bare):
    before = bare.clock()
    bare.clock.advance(seconds=1)
    assert MemoryReplay(bare.clock).started > before


def test_the_shared_table_outlives_restarts(bare):
    assert SharedReplay(bare.db, bare.clock).started < bare.clock()


def test_memory_forgets_what_has_expired(bare):
    cache = MemoryReplay(bare.clock, bound=2)
    for key in ("a", "b"):
        cache.seen(key, bare.clock() + timedelta(seconds=30))
    bare.clock.advance(minutes=2)
    assert not cache.seen("c", bare.clock() + timedelta(seconds=30))


def test_a_full_memory_refuses_rather_than_forgets(bare):
    cache = MemoryReplay(bare.clock, bound=1)
    until = bare.clock() + timedelta(minutes=5)
    cache.seen("a", until)
    with pytest.raises(Busy):
        cache.seen("b", until)
    assert cache.seen("a", until)


def test_the_shared_table_forgets_what_has_expired(bare):
    cache = SharedReplay(bare.db, bare.clock)
    cache.seen("old", bare.clock() + timedelta(seconds=30))
    bare.clock.advance(minutes=2)
    for number in range(replay.PURGE_EVERY):
        cache.seen(f"new-{number}", bare.clock() + timedelta(minutes=5))
    with bare.reads() as uow:
        rows = select(func.count()).select_from(ReplayRow)
        assert uow.session.scalar(rows) == replay.PURGE_EVERY
