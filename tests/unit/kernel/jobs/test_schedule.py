"""A schedule runs once per period, whatever the number of workers."""

import threading
from datetime import timedelta

import pytest

from muster.kernel.jobs import SCHEDULES, Schedule, Worker
from muster.kernel.jobs.schedule import fire_due


@pytest.fixture
def hourly(bare, diary):
    bare.ports.answer(SCHEDULES, "hourly", Schedule(timedelta(hours=1), "note", {"hour": True}))
    fire_due(bare)


def test_the_first_run_comes_one_period_after_the_start(bare, worker, diary, hourly):
    assert worker.run_until_idle() == 0
    bare.clock.advance(hours=1)
    assert worker.run_until_idle() == 1
    assert diary == [{"hour": True}]
    assert worker.run_until_idle() == 0


def test_runs_missed_while_no_worker_was_up_are_made_up_for_by_one(bare, worker, diary, hourly):
    bare.clock.advance(hours=5)
    assert worker.run_until_idle() == 1


def test_many_workers_run_each_turn_once(bare, another, diary, hourly):
    bare.clock.advance(hours=1)
    fired, ready = [], threading.Barrier(3)

    def look(kernel):
        ready.wait()
        fired.append(fire_due(kernel))

    threads = [threading.Thread(target=look, args=(k,)) for k in (bare, another(), another())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fired) == [0, 0, 1]
    Worker(bare).run_until_idle()
    assert diary == [{"hour": True}]


def test_two_servers_that_start_together_agree_on_the_first_turn(bare, another, diary, hourly):
    bare.clock.advance(minutes=30)
    fire_due(another())
    bare.clock.advance(minutes=30)
    assert fire_due(bare) == 1
