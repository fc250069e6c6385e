"""Jobs exist with their transaction, run once at a time, and outlive whoever ran them."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from muster.kernel import jobs
from muster.kernel.jobs import HANDLERS, GiveUp, Worker, backoff, queue
from muster.kernel.ports import WiringError

PATIENCE = 20  # seconds until a test gives up


def put(kernel, kind="note", payload=None, **options):
    with kernel.writes() as uow:
        return jobs.enqueue(uow, kind, payload or {}, **options)


def look(kernel, job_id):
    with kernel.reads() as uow:
        job = jobs.find(uow, job_id)
        return SimpleNamespace(state=job.state, error=job.error, done=job.done, total=job.total)


def test_a_job_runs_after_its_commit_and_wakes_the_workers(bare, worker, diary):
    job = put(bare, payload={"n": 1})
    assert bare.bus.wait(0)
    assert worker.run_until_idle() == 1
    assert diary == [{"n": 1}]
    assert look(bare, job).state == "done"


def test_a_job_vanishes_with_its_transaction(bare, worker, diary):
    bare.refuse(lambda uow: jobs.enqueue(uow, "note", {}))
    assert worker.run_until_idle() == 0
    assert diary == []


def test_a_kind_nobody_handles_is_refused_when_it_is_enqueued(bare, diary):
    with pytest.raises(WiringError, match="nobody answers 'typo'"):
        put(bare, "typo")


def test_a_job_waits_for_its_time(bare, worker, diary):
    put(bare, run_at=bare.clock() + timedelta(minutes=5))
    assert worker.run_until_idle() == 0
    bare.clock.advance(minutes=5)
    assert worker.run_until_idle() == 1


def test_jobs_of_one_key_are_one_until_it_runs(bare, worker, diary):
    later = bare.clock() + timedelta(hours=1)
    first = put(bare, key="catalogue", run_at=later)
    assert put(bare, key="catalogue") == first
    assert worker.run_until_idle() == 1
    assert put(bare, key="catalogue") != first


def test_a_job_asked_for_while_it_runs_is_run_once_more(bare, worker, diary):
    seen = []

    def rebuild(kernel, payload):
        seen.append(jobs.current())
        if len(seen) == 1:
            put(kernel, "rebuild", key="catalogue")

    bare.ports.answer(HANDLERS, "rebuild", rebuild)
    job = put(bare, "rebuild", key="catalogue")
    assert Worker(bare).run_until_idle() == 2
    assert seen == [job, job]
    assert look(bare, job).state == "done"


def test_two_workers_never_run_one_job_at_once(bare, another, diary):
    started, may_end = threading.Event(), threading.Event()

    def slow(kernel, payload):
        started.set()
        may_end.wait(PATIENCE)

    bare.ports.answer(HANDLERS, "slow", slow)
    put(bare, "slow")
    first = threading.Thread(target=Worker(bare).run_until_idle)
    first.start()
    assert started.wait(PATIENCE)
    assert Worker(another()).run_until_idle() == 0
    may_end.set()
    first.join()


def test_many_workers_share_many_jobs_and_each_runs_once(bare, another, diary):
    for number in range(40):
        put(bare, payload={"n": number})
    workers = [Worker(kernel) for kernel in (bare, another(), another())]
    threads = [threading.Thread(target=worker.run_until_idle) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry["n"] for entry in diary) == list(range(40))


class Killed(BaseException):
    """The process ends here: nothing after it is written."""


def test_a_job_whose_worker_was_killed_is_taken_over_after_its_lease(bare, another, diary):
    deaths = []

    def fatal(kernel, payload):
        if not deaths:
            deaths.append(1)
            raise Killed

    bare.ports.answer(HANDLERS, "fatal", fatal)
    job = put(bare, "fatal")
    with pytest.raises(Killed):
        Worker(bare).run_until_idle()
    other = another()
    assert Worker(other).run_until_idle() == 0
    bare.clock.advance(seconds=queue.LEASE.total_seconds() + 1)
    assert Worker(other).run_until_idle() == 1
    assert look(bare, job).state == "done"


def test_a_lease_that_is_kept_is_not_taken_over(bare, diary):
    put(bare)
    claim = queue.claim(bare.db, ["note"], bare.clock())
    bare.clock.advance(seconds=50)
    queue.keep(bare.db, claim, bare.clock())
    bare.clock.advance(seconds=50)
    assert Worker(bare).run_until_idle() == 0


def test_a_worker_that_lost_its_job_cannot_finish_it(bare, diary):
    job = put(bare)
    late = queue.claim(bare.db, ["note"], bare.clock())
    bare.clock.advance(minutes=5)
    queue.reclaim(bare.db, bare.clock())
    queue.claim(bare.db, ["note"], bare.clock())
    queue.finish(bare.db, late, bare.clock())
    assert look(bare, job).state == "running"


def test_a_job_that_kills_every_worker_is_given_up(bare, diary):
    job = put(bare)
    for _ in range(backoff.ATTEMPTS):
        assert queue.claim(bare.db, ["note"], bare.clock())
        bare.clock.advance(minutes=5)
        queue.reclaim(bare.db, bare.clock())
    assert look(bare, job).state == "failed"
    assert "vanished" in look(bare, job).error


def test_a_failing_job_is_tried_again_later_and_keeps_its_error(bare, diary):
    calls = []

    def flaky(kernel, payload):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("password=hunter2 is wrong\nDETAIL: contents of a row")

    bare.ports.answer(HANDLERS, "flaky", flaky)
    job = put(bare, "flaky")
    worker = Worker(bare)
    worker.run_until_idle()
    assert look(bare, job).error == "ValueError: password=*** is wrong"
    assert worker.run_until_idle() == 0
    bare.clock.advance(seconds=backoff.FIRST.total_seconds())
    assert worker.run_until_idle() == 1
    assert (look(bare, job).state, look(bare, job).error) == ("done", "")


def test_a_job_that_always_fails_is_kept_as_failed_and_can_be_tried_again(bare, diary):
    faults = [ValueError("no")] * backoff.ATTEMPTS

    def faulty(kernel, payload):
        if faults:
            raise faults.pop()

    bare.ports.answer(HANDLERS, "faulty", faulty)
    job, worker = put(bare, "faulty"), Worker(bare)
    for _ in range(backoff.ATTEMPTS):
        assert worker.run_until_idle() == 1
        bare.clock.advance(seconds=backoff.LONGEST.total_seconds())
    assert worker.run_until_idle() == 0
    with bare.writes() as uow:
        assert [row.id for row in jobs.failed(uow)] == [job]
        jobs.retry(uow, job)
    assert worker.run_until_idle() == 1
    assert look(bare, job).state == "done"


def test_a_handler_can_give_up_at_once(bare, diary):
    def hopeless(kernel, payload):
        raise GiveUp("the file is gone")

    bare.ports.answer(HANDLERS, "hopeless", hopeless)
    job = put(bare, "hopeless")
    Worker(bare).run_until_idle()
    assert (look(bare, job).state, look(bare, job).error) == ("failed", "GiveUp: the file is gone")


def test_only_a_failed_job_can_be_tried_again(bare, diary):
    job = put(bare)
    with pytest.raises(jobs.JobNotFailed), bare.writes() as uow:
        jobs.retry(uow, job)


def test_progress_is_seen_while_the_job_runs_and_told_on_the_bus(bare, worker, diary):
    told, seen = [], []

    def count(kernel, payload):
        with kernel.writes() as uow:
            jobs.progress(uow, jobs.current(), 3, 10)
        seen.append((look(kernel, jobs.current()).done, look(kernel, jobs.current()).total))

    bare.ports.answer(HANDLERS, "count", count)
    job = put(bare, "count")
    bare.bus.subscribe([f"job:{job}"], lambda *news: told.append(news))
    Worker(bare).run_until_idle()
    assert seen == [(3, 10)]
    assert told == [(f"job:{job}", str(job).encode())]


def test_a_worker_runs_until_it_is_stopped(bare, diary):
    stop, ran = threading.Event(), threading.Event()
    bare.ports.answer(HANDLERS, "last", lambda *_: ran.set())
    thread = threading.Thread(target=Worker(bare).run, args=(stop,))
    thread.start()
    put(bare, "last")
    assert ran.wait(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
