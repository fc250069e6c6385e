"""`mdm.hints`: how soon a terminal knows of a command, and what it costs that so many listen.

Over a real Mosquitto with ten thousand terminals, from the commit to the hint at the terminal, and
a change for all of them; and with the embedded default, where two thousand hold an event stream
and five hundred more a long poll, from the admin's request (the commit lies within it).
"""

import contextlib
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from queue import Empty
from typing import Any, Final
from uuid import UUID

import httpx

from bench.figures import Figure, Report, machine
from bench.houses import built_empty, empty_house
from bench.listeners import Listener, Place, serve
from bench.mdm_fleet import console_secret, with_keys, with_passwords
from bench.server import free_port, memory, serving
from mdm.commands import queue
from muster.kernel import hints
from muster.kernel.jobs import Worker
from muster.kernel.kernel import Kernel
from muster.server.assembly import close
from muster.server.demo.state import settings_in

NAME: Final = "mdm.hints"
CLIENTS, STREAMS, POLLS = (
    int(os.environ.get(f"BENCH_{name}", number))
    for name, number in (("MQTT", "10000"), ("STREAMS", "2000"), ("POLLS", "500"))
)
COMMANDS, PACE = 300, 0.02
WARM: Final = 100
"""Streams and polls opened and closed first: what the first of all costs is no cost of each."""
TOLD_S, ALL_S, EACH_KB = 1.0, 60.0, 25.0
_PATIENCE: Final = 120.0


def run() -> Report:
    """Measure both."""
    figures = [*_over_mqtt(), *_embedded()]
    where = f"{CLIENTS:,} MQTT terminals; SQLite with {STREAMS:,} streams and {POLLS:,} polls"
    return Report(NAME, figures, f"{where}, {COMMANDS} commands each; {machine()}")


def _over_mqtt() -> Iterator[Figure]:
    port = free_port()
    with empty_house(mqtt_url=f"mqtt://muster:bench@127.0.0.1:{port}") as kernel:
        listeners = with_passwords(kernel, CLIENTS)
        with _broker(kernel, port), _listening(Place("mqtt", port), listeners) as told:
            lags = _commanded(kernel, listeners, told)
            everybody = _for_all(kernel, listeners, told)
        close_ = kernel.ports.ask(hints.CARRIERS, "mqtt")
        close_.close()  # type: ignore[attr-defined]
        engine = "sqlite" if kernel.db.is_sqlite else "postgresql"
    yield Figure(NAME, f"mqtt_told_p50_{engine}", statistics.median(lags), "s")
    yield Figure(NAME, f"mqtt_told_p99_{engine}", _at(lags, 0.99), "s", TOLD_S)
    yield Figure(NAME, f"change_for_{len(listeners)}_told", everybody, "s", ALL_S)


def _commanded(kernel: Kernel, listeners: Sequence[Listener], told: Any) -> list[float]:
    """Order a refresh of one terminal after the other; return seconds from commit to hint."""
    committed = {}
    for one in listeners[:: max(len(listeners) // COMMANDS, 1)][:COMMANDS]:
        with kernel.writes() as uow:
            queue.put(uow, UUID(one.id), "refresh", reason="bench")
        committed[one.id] = time.monotonic()
        time.sleep(PACE)
    return _lags(committed, told)


def _for_all(kernel: Kernel, listeners: Sequence[Listener], told: Any) -> float:
    """Hint at a change for everybody; return seconds until the last one knows."""
    stop = threading.Event()
    worker = threading.Thread(target=Worker(kernel).run, args=(stop,))
    worker.start()
    with kernel.writes() as uow:
        hints.send_many(uow, [UUID(one.id) for one in listeners], "configuration")
    began = time.monotonic()
    lags = _lags(dict.fromkeys((one.id for one in listeners), began), told)
    stop.set()
    worker.join()
    return max(lags)


def _embedded() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        port = free_port()
        own = settings_in(Path(folder), port)
        settings = replace(own, database_url=f"sqlite:///{folder}/muster.db")
        kernel = built_empty(settings)
        listeners, secret = with_keys(kernel, STREAMS + POLLS), console_secret(kernel)
        close(kernel)
        streams, polls = listeners[:STREAMS], listeners[STREAMS:]
        with serving(settings) as server, contextlib.ExitStack() as stack:
            for way, some in (("events", streams[:WARM]), ("hints", polls[:WARM])):
                with _listening(Place(way, port, settings.origin), some):
                    time.sleep(2)
            time.sleep(3)
            before, threads = memory(server).share, _threads(server)
            place = Place("events", port, settings.origin)
            by_stream = stack.enter_context(_listening(place, streams))
            with_streams = memory(server).share
            at_rest = _busy(server, 5.0)
            place = Place("hints", port, settings.origin)
            by_poll = stack.enter_context(_listening(place, polls))
            time.sleep(2)
            with_polls, more = memory(server).share, _threads(server) - threads
            told_streams = _ordered(settings.origin, secret, streams, by_stream)
            told_polls = _ordered(settings.origin, secret, polls, by_poll)
    yield Figure(NAME, "stream_told_p99", _at(told_streams, 0.99), "s", TOLD_S)
    yield Figure(NAME, "poll_told_p99", _at(told_polls, 0.99), "s", TOLD_S)
    yield Figure(NAME, "stream_memory", (with_streams - before) * 1024 / STREAMS, "KB", EACH_KB)
    yield Figure(NAME, "poll_memory", (with_polls - with_streams) * 1024 / POLLS, "KB", EACH_KB)
    yield Figure(NAME, "threads_more", more, "threads", 8)
    yield Figure(NAME, "cpu_while_streams_idle", at_rest * 100, "% of a core")


def _ordered(origin: str, secret: str, those: Sequence[Listener], told: Any) -> list[float]:
    """Order by the API; return seconds from the request, which holds the commit, to the hint."""
    asked = {}
    order = {"kind": "refresh", "reason": "to measure hints"}
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=origin, headers=headers, timeout=60) as http:
        for one in those[:: max(len(those) // COMMANDS, 1)][:COMMANDS]:
            asked[one.id] = time.monotonic()
            answer = http.post(f"/admin/v1/devices/{one.id}/commands", json=order)
            answer.raise_for_status()
            time.sleep(PACE)
    return _lags(asked, told)


def _lags(since: dict[str, float], told: Any) -> list[float]:
    """Wait for everybody's first hint; who never hears counts as long as the patience."""
    missing, lags = dict(since), []
    ends = time.monotonic() + _PATIENCE
    while missing and time.monotonic() < ends:
        with contextlib.suppress(Empty):
            device_id, at = told.get(timeout=1)
            if device_id in missing:
                lags.append(at - missing.pop(device_id))
    return sorted(lags + [_PATIENCE] * len(missing))


@contextlib.contextmanager
def _listening(place: Place, listeners: Sequence[Listener]) -> Iterator[Any]:
    """Yield the queue of hints once all listen."""
    context = get_context("spawn")
    told = context.Queue()
    process = context.Process(target=serve, args=(place, listeners, told), daemon=True)
    process.start()
    try:
        what, _ = told.get(timeout=_PATIENCE)
        if what != "ready":
            raise RuntimeError(f"a hint before all listened: {what}")
        yield told
    finally:
        process.kill()
        process.join(10)


@contextlib.contextmanager
def _broker(kernel: Kernel, port: int) -> Iterator[None]:
    """Run Mosquitto with the passwords and the access list of deploy/."""
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    deploy = Path(__file__).parents[1] / "deploy" / "mosquitto"
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        folder = Path(name)
        for file in ("mosquitto.conf", "acl"):
            content = (deploy / file).read_text().replace("/mosquitto/config", name)
            content = content.replace("listener 1883", f"listener {port} 127.0.0.1")
            owner = "user root\n" if os.geteuid() == 0 and file != "acl" else ""
            (folder / file).write_text(content + owner)
        with kernel.reads() as uow:
            lines = hints.password_file(uow, kernel.settings.mqtt_url)
            (folder / "passwords").write_text("".join(lines))
        process = subprocess.Popen(
            [program, "-c", f"{name}/mosquitto.conf"], stderr=subprocess.DEVNULL
        )
        time.sleep(1)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def _threads(process_id: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process_id}/task").iterdir())


def _busy(process_id: int, seconds: float) -> float:
    """Return the share of a core the process uses meanwhile."""

    def spent() -> float:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    began = spent()
    time.sleep(seconds)
    return (spent() - began) / seconds


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
