"""The bus says "look there" to everybody who listens, in this process and in others."""

import threading
import time
from queue import Queue

import psycopg
import pytest

from muster.kernel.db import Database
from muster.kernel.events import LocalBus, bus_for
from muster.kernel.events.postgres_bus import PostgresBus

PATIENCE = 10  # seconds until a test gives up


@pytest.fixture
def pair(bare):
    """Two buses of two processes on PostgreSQL; within one process they are the same."""
    if bare.db.is_sqlite:
        bus = LocalBus()
        yield bus, bus
        return
    here, there = bus_for(bare.db), bus_for(bare.db)
    yield here, there
    here.close()
    there.close()


def test_the_bus_fits_the_database(bare):
    bus = bus_for(bare.db)
    assert isinstance(bus, LocalBus if bare.db.is_sqlite else PostgresBus)
    bus.close()


def test_news_reaches_the_subscribers_of_its_topic_only(pair):
    here, there = pair
    told: Queue = Queue()
    there.subscribe(["device:1", "device:2"], lambda *news: told.put(news))
    here.publish("device:3", b"no")
    here.publish("device:2", "café".encode())
    assert told.get(timeout=PATIENCE) == ("device:2", "café".encode())
    assert told.empty()


def test_nothing_is_told_after_unsubscribing(pair):
    here, there = pair
    ended, told = [], Queue()
    leave = there.subscribe(["a"], lambda *news: ended.append(news))
    leave()
    leave()
    there.subscribe(["a"], lambda *news: told.put(news))
    here.publish("a", b"1")
    told.get(timeout=PATIENCE)
    assert ended == []


def test_a_listener_that_fails_does_not_stop_the_others(pair):
    here, there = pair
    told: Queue = Queue()

    def fail(*_):
        raise RuntimeError

    there.subscribe(["a"], fail)
    there.subscribe(["a"], lambda *news: told.put(news))
    for number in (b"1", b"2"):
        here.publish("a", number)
        assert told.get(timeout=PATIENCE) == ("a", number)


@pytest.mark.parametrize(
    ("topic", "message"),
    [("a", b"x" * 8000), ("a\nb", b""), ("", b""), ("a", b"\0"), ("a", b"\xff")],
)
def test_content_and_what_cannot_cross_processes_is_refused(pair, topic, message):
    with pytest.raises(ValueError):
        pair[0].publish(topic, message)


def test_a_wake_releases_every_waiting_worker(pair):
    here, there = pair
    woken: Queue = Queue()
    there.subscribe([], print)  # opens the line

    def work():
        woken.put("waits")
        woken.put(there.wait(PATIENCE))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in workers:
        woken.get(timeout=PATIENCE)
    here.wake()
    assert [woken.get(timeout=PATIENCE) for _ in workers] == [True, True]
    for worker in workers:
        worker.join()


def test_a_wake_while_working_is_noticed_at_the_next_wait():
    bus = LocalBus()
    bus.wake()
    bus.wake()
    assert bus.wait(0)
    assert not bus.wait(0)


def test_a_bus_that_hears_is_not_deaf(pair):
    pair[1].subscribe(["a"], lambda *_: None)
    assert pair[1].deaf_since is None


def test_after_a_cut_everybody_looks_again_and_news_flows(bare, pair):
    here, there = pair
    told: Queue = Queue()
    there.subscribe(["device:1"], lambda *news: told.put(news))
    cut_lines(bare)
    if not bare.db.is_sqlite:
        assert told.get(timeout=PATIENCE) == ("device:1", b"")
        assert there.deaf_since is None
    here.publish("device:1", b"news")
    assert told.get(timeout=PATIENCE) == ("device:1", b"news")


def test_a_bus_whose_server_is_away_is_deaf_and_does_not_fail_its_publishers():
    bus = PostgresBus(Database("postgresql://nobody@127.0.0.1:9/nowhere"))
    before = time.monotonic()
    bus.publish("a", b"nobody hears")
    bus.wake()
    since = bus.deaf_since
    bus.close()
    assert since is not None
    assert since <= before + 1


def cut_lines(kernel) -> None:
    if not kernel.db.is_sqlite:
        url = kernel.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'muster bus'"
            )
