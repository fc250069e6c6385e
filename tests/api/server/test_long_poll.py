"""Long polls over a real server: held by the front, answered by a hint, by silence or by a gate."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from muster.kernel import hints
from muster.kernel.identity import move
from muster.server.front import Front
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

from .conftest import Served, listening

POLL = "/agent/v1/hints"


@pytest.fixture
def admin(force: Force) -> Console:
    return force.console("A1", "device_admin")


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return up_to_date(force, admin)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as pool:
        yield pool


def up_to_date(force: Force, admin: Console) -> TestTerminal:
    """Return a terminal that came after the hint of its enrolment."""
    terminal = force.enrolled(admin)
    force.house.clock.advance(seconds=1)
    assert terminal.check_in().status_code == 200
    force.house.clock.advance(seconds=1)
    return terminal


def poll(http: httpx.Client, terminal: TestTerminal, wait: int) -> httpx.Response:
    return http.get(POLL, params={"wait": wait}, headers={"DPoP": terminal.proof("GET", POLL)})


def listens(house: House, terminal: TestTerminal) -> None:
    """Wait until the terminal's poll is held."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with house.kernel.reads() as uow:
            assert terminal.id is not None
            if "long_poll" in hints.reach(uow, [terminal.id])[terminal.id].usable:
                return
        time.sleep(0.02)


def send(house: House, terminal: TestTerminal) -> None:
    assert terminal.id is not None
    with house.kernel.writes() as uow:
        hints.send(uow, terminal.id)


def test_a_hint_answers_the_poll_that_waits_and_silence_ends_it(
    served: Served, terminal: TestTerminal, pool: ThreadPoolExecutor
) -> None:
    quiet = poll(served.http, terminal, 1)
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert "x-muster-stream" not in quiet.headers
    waiting = pool.submit(poll, served.http, terminal, 30)
    listens(served.house, terminal)
    time.sleep(0.3)
    send(served.house, terminal)
    told = waiting.result(10)
    assert (told.status_code, told.json()) == (200, {"look": "commands"})
    assert told.headers["Content-Type"] == "application/json"


def test_a_hint_that_came_between_two_polls_is_told_at_once_and_not_again(
    served: Served, terminal: TestTerminal
) -> None:
    send(served.house, terminal)
    began = time.monotonic()
    assert poll(served.http, terminal, 30).json() == {"look": "commands"}
    assert time.monotonic() - began < 5
    assert poll(served.http, terminal, 1).status_code == 204
    send(served.house, terminal)
    served.house.clock.advance(seconds=1)
    assert terminal.check_in().status_code == 200
    assert poll(served.http, terminal, 1).status_code == 204


def test_a_lost_terminals_poll_ends_at_once_and_it_may_poll_again(
    served: Served, terminal: TestTerminal, pool: ThreadPoolExecutor
) -> None:
    waiting = pool.submit(poll, served.http, terminal, 30)
    listens(served.house, terminal)
    time.sleep(0.3)
    with served.house.kernel.writes() as uow:
        assert terminal.id is not None
        move(uow, terminal.id, "lost")
    assert waiting.result(5).status_code == 204
    assert poll(served.http, terminal, 1).status_code == 204


def test_polls_that_wait_hold_no_worker(
    served: Served, force: Force, admin: Console, pool: ThreadPoolExecutor
) -> None:
    """The server has four threads; a dozen polls wait, and another request is still answered."""
    several = [up_to_date(force, admin) for _ in range(12)]
    waiting = [pool.submit(poll, served.http, one, 20) for one in several]
    for one in several:
        listens(served.house, one)
    assert served.http.get("/readyz").status_code == 200
    time.sleep(0.3)
    for one in several:
        send(served.house, one)
    assert [one.result(10).status_code for one in waiting] == [200] * 12


def test_a_poll_is_refused_like_any_request(served: Served, terminal: TestTerminal) -> None:
    assert served.http.get(POLL).json()["code"] == "unauthenticated"
    assert poll(served.http, terminal, 0).status_code == 422
    assert poll(served.http, terminal, 56).status_code == 422
    bare = terminal.agent("GET", POLL)
    assert (bare.status_code, bare.get_json()["code"]) == (503, "streams_elsewhere")


def test_the_edge_holds_polls_too(house: House, terminal: TestTerminal) -> None:
    with listening(Front(house.kernel, house.app, streams_only=True)) as edge:
        assert poll(edge, terminal, 1).status_code == 204
        assert edge.post(f"{POLL}/mqtt").status_code == 404
