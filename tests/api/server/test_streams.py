"""Event streams over a real server: hints arrive, and standing that is lost cuts them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from muster.kernel.hints import topic
from muster.kernel.identity import clients, look_again, move
from muster.kernel.identity.gate import POLICIES_GATE
from muster.server import front
from muster.server.front import Front
from muster.server.listening import Listener, ShutGates
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.terminal import TestTerminal

from .conftest import Served, listening

EVENTS = "/agent/v1/events"


@pytest.fixture
def terminal(force: Force) -> TestTerminal:
    return force.enrolled(force.console("A1", "device_admin"))


@contextmanager
def open_stream(served: Served, terminal: TestTerminal) -> Iterator[Iterator[str]]:
    headers = {"DPoP": terminal.proof("GET", EVENTS)}
    with served.http.stream("GET", EVENTS, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert "x-muster-stream" not in answer.headers
        assert answer.headers["X-Request-Id"]
        lines = answer.iter_lines()
        assert next(lines) == ": open"
        yield lines


def test_a_hint_arrives_on_the_open_stream(served: Served, terminal: TestTerminal) -> None:
    with open_stream(served, terminal) as lines:
        served.house.kernel.bus.publish(topic(terminal.id), b'{"look":"commands"}')
        told = [line for line, _ in zip(lines, range(3), strict=False) if line]
        assert told == ["event: look", 'data: {"look":"commands"}']


def lose(house: House, terminal: TestTerminal) -> None:
    assert terminal.id is not None
    with house.kernel.writes() as uow:
        move(uow, terminal.id, "lost")


def test_a_lost_terminals_stream_is_cut_within_a_second(
    served: Served, terminal: TestTerminal
) -> None:
    with open_stream(served, terminal) as lines:
        began = time.monotonic()
        lose(served.house, terminal)
        assert not [line for line in lines if line.startswith("data:")]
        assert time.monotonic() - began < 2.0  # a second, and what a busy machine adds


def test_a_wearables_stream_is_cut_when_its_parent_is_lost(served: Served, force: Force) -> None:
    parent = force.compliant(force.console("A1", "device_admin"))
    wish = {"device_class": "wearable"}
    code = parent.agent("POST", "/agent/v1/companions", wish).get_json()["content"]
    wearable = force.terminal()
    assert wearable.enrol(code).status_code == 201
    with open_stream(served, wearable) as lines:
        lose(served.house, parent)
        assert not [line for line in lines if line.startswith("data:")]


def test_blocking_an_app_ends_the_streams_that_it_carries(served: Served, force: Force) -> None:
    terminal = force.compliant(force.console("A1", "device_admin"))
    force.officer("P1")
    assert terminal.sign_in("P1", PIN).status_code == 200
    path = "/sync/v1/events"
    headers = {
        "Authorization": f"DPoP {terminal.access_token}",
        "DPoP": terminal.proof("GET", path, terminal.access_token),
    }
    with served.http.stream("GET", path, headers=headers) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": open"
        with served.house.kernel.writes() as uow:
            app = clients.by_name(uow, "field")
            assert app is not None
            clients.block(uow, app.id)
        assert not [line for line in lines if line.startswith("data:")]


def test_other_access_policies_let_every_stream_look_again(
    served: Served, terminal: TestTerminal
) -> None:
    with open_stream(served, terminal) as lines:
        served.house.kernel.bus.publish(POLICIES_GATE, b"{}")
        assert not [line for line in lines if line.startswith("data:")]


def test_a_stream_is_refused_like_any_request(served: Served, terminal: TestTerminal) -> None:
    bare = served.http.get(EVENTS)
    assert (bare.status_code, bare.json()["code"]) == (401, "unauthenticated")
    proof = terminal.proof("GET", EVENTS)
    with served.http.stream("GET", EVENTS, headers={"DPoP": proof}) as answer:
        assert answer.status_code == 200
    again = served.http.get(EVENTS, headers={"DPoP": proof})
    assert (again.status_code, again.json()["code"]) == (401, "dpop_proof_replayed")
    for path in ("/healthz/events", "//agent/v1/events", "/admin/v1/events"):
        assert served.http.get(path).status_code in (308, 404)
    assert served.http.post(EVENTS).status_code == 405


def test_a_worker_without_a_front_says_where_streams_are(terminal: TestTerminal) -> None:
    answer = terminal.agent("GET", EVENTS)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "streams_elsewhere")


@pytest.fixture
def edge(house: House) -> Iterator[httpx.Client]:
    with listening(Front(house.kernel, house.app, streams_only=True)) as client:
        yield client


def test_the_edge_serves_streams_alone(edge: httpx.Client) -> None:
    assert edge.get(EVENTS).status_code == 401
    for method, path in (("GET", "/healthz"), ("POST", EVENTS), ("GET", "/admin/v1/officers")):
        answer = edge.request(method, path)
        assert (answer.status_code, answer.text) == (404, "only event streams are served here\n")


class DeafBus:
    """A bus whose line was cut a while ago."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus
        self.deaf_since = time.monotonic() - front.DEAF - 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)


def test_a_deaf_bus_closes_its_streams(house: House, terminal: TestTerminal) -> None:
    deaf: Any = DeafBus(house.kernel.bus)
    kernel = replace(house.kernel, bus=deaf)
    with listening(Front(kernel, house.app)) as client:
        answer = client.get(EVENTS, headers={"DPoP": terminal.proof("GET", EVENTS)})
        assert answer.status_code == 200
        assert answer.text == ": open\n\n"  # and then it ended


def test_a_gate_shut_while_the_stream_opened_is_not_missed(
    house: House, terminal: TestTerminal
) -> None:
    """The terminal is lost after its request was decided and before the front listens to it.

    PostgreSQL's news may come a moment after the stream said that it is open; then it ends.
    """
    app: Any = house.app

    def slow(environ: Any, start: Any) -> Any:
        answer = app(environ, start)
        lose(house, terminal)
        return answer

    with listening(Front(house.kernel, slow)) as client:
        answer = client.get(EVENTS, headers={"DPoP": terminal.proof("GET", EVENTS)})
        assert answer.status_code == 200
        assert answer.text in ("", ": open\n\n")  # and it ended


def test_a_shut_gate_is_remembered_for_those_it_concerns() -> None:
    gates, before = ShutGates(), time.monotonic()
    gates.note("gate:a")
    assert gates.since(before, {"gate:a", "gate:b"})
    assert not gates.since(before, {"gate:b"})
    assert not gates.since(time.monotonic(), {"gate:a"})
    gates.note("")
    assert gates.since(before, {"gate:b"})


def test_a_reader_that_is_too_slow_still_loses_its_stream() -> None:
    async def flood() -> bool:
        listener = Listener(asyncio.get_running_loop(), {"gate:a"})
        for _ in range(500):
            listener.arrived("hints", b"{}")
        listener.arrived("gate:a", b"{}")
        assert await listener.next() == b"{}"
        return listener.ended

    assert asyncio.run(flood())


def test_whoever_is_told_to_look_again_reaches_every_front(house: House) -> None:
    heard: list[bytes] = []
    house.kernel.bus.subscribe(["gates"], lambda _, gate: heard.append(gate))
    admin: Console = Force(house).console("A1", "device_admin")
    with house.kernel.writes() as uow:
        look_again(uow, admin.officer_id)
        assert heard == []
    deadline = time.monotonic() + 5
    while not heard and time.monotonic() < deadline:
        house.kernel.bus.wait(0.05)
    assert heard == [f"gate:{admin.officer_id}".encode()]
