"""`access.revocation`: officers, terminals, sessions and apps lose their standing under load.

Several threads ask for data all the time, each as one of 200 officers on 200 terminals, while one
standing after the other is taken away. A request is wrong if it began after the taking away was
committed and was answered all the same. On PostgreSQL four workers and an edge answer, and open
streams are cut; SQLite is one process.
"""

import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from bench.figures import Figure, Report, machine
from bench.server import free_port, streaming
from bench.standing import Held, appoint
from muster.kernel.identity import clients, judge, look_again, move
from muster.kernel.identity.models import Officer, Session
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork
from muster.server.assembly import close
from muster.server.demo.run import built
from muster.server.demo.state import settings_in

NAME = "access.revocation"
REVOCATIONS = 200
THREADS = 6
STREAMS = 40
PACE = 0.03
DATA, EVENTS = "/mobile/v1/forms", "/sync/v1/events"


def run() -> Report:
    """Take away 200 standings under load and report what came through, and how streams ended."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        settings = settings_in(Path(folder), free_port())
        settings = replace(
            settings, database_url=os.environ.get("DATABASE_URL") or settings.database_url
        )
        kernel = built(settings)
        try:
            held = appoint(kernel, REVOCATIONS)
            with streaming(settings, workers=4) as edge:
                load, cuts = _played(kernel, settings, held, edge)
        finally:
            close(kernel)
    return Report(NAME, [*_figures(load), *_stream_figures(cuts)], _circumstances(settings, edge))


@dataclass
class Load:
    """What the threads saw: (officer, began, accepted), and when whose standing was taken."""

    asked: list[tuple[int, float, bool]] = field(default_factory=list)
    gone: dict[int, float] = field(default_factory=dict)

    def wrong(self) -> int:
        """Count requests that began after the commit and were accepted."""
        return sum(
            accepted and who in self.gone and began > self.gone[who]
            for who, began, accepted in self.asked
        )


def _played(
    kernel: Kernel, settings: Settings, held: Sequence[Held], edge: str
) -> tuple[Load, list[float]]:
    load, stop = Load(), threading.Event()
    askers = [
        threading.Thread(target=_ask, args=(settings.origin, held, load, stop, seed), daemon=True)
        for seed in range(THREADS)
    ]
    watched = range(STREAMS) if edge else range(0)
    ended: dict[int, float] = {}
    with contextlib.ExitStack() as open_streams:
        for index in watched:
            _watch(open_streams, edge, held[index], index, ended)
        for asker in askers:
            asker.start()
        time.sleep(1)
        for index in range(len(held)):
            _KINDS[index % len(_KINDS)](kernel, held[index])
            load.gone[index] = time.monotonic()
            time.sleep(PACE)
        time.sleep(1.5)
        stop.set()
        for asker in askers:
            asker.join(10)
    return load, [ended.get(index, load.gone[index] + 60) - load.gone[index] for index in watched]


def _ask(origin: str, held: Sequence[Held], load: Load, stop: threading.Event, seed: int) -> None:
    chosen = random.Random(seed)
    with httpx.Client(base_url=origin, timeout=20) as http:
        while not stop.is_set():
            who = chosen.randrange(len(held))
            headers = held[who].headers("GET", origin + DATA)
            began = time.monotonic()
            accepted = http.get(DATA, headers=headers).status_code == 200
            load.asked.append((who, began, accepted))


def _watch(
    open_streams: contextlib.ExitStack, edge: str, one: Held, index: int, ended: dict[int, float]
) -> None:
    """Hold a stream open and note when it ends."""
    http = open_streams.enter_context(httpx.Client(base_url=edge, timeout=60))
    headers = one.headers("GET", one.origin + EVENTS)
    answer = open_streams.enter_context(http.stream("GET", EVENTS, headers=headers))
    answer.raise_for_status()
    lines = answer.iter_lines()
    next(lines)

    def follow() -> None:
        with contextlib.suppress(httpx.HTTPError):
            for _ in lines:
                pass
        ended[index] = time.monotonic()

    threading.Thread(target=follow, daemon=True).start()


def _write(change: Callable[[UnitOfWork, Held], None]) -> Callable[[Kernel, Held], None]:
    def commit(kernel: Kernel, one: Held) -> None:
        with kernel.writes() as uow:
            change(uow, one)

    return commit


def _suspend(uow: UnitOfWork, one: Held) -> None:
    officer = uow.session.get_one(Officer, one.officer_id)
    officer.state, officer.epoch = "suspended", officer.epoch + 1
    look_again(uow, officer.id)


def _end(uow: UnitOfWork, one: Held) -> None:
    uow.session.get_one(Session, one.session_id).revoked_at = uow.now()
    look_again(uow, one.session_id)


_KINDS: tuple[Callable[[Kernel, Held], None], ...] = (
    _write(lambda uow, one: move(uow, one.device_id, "lost")),
    _write(lambda uow, one: move(uow, one.device_id, "wiped")),
    _write(lambda uow, one: judge(uow, one.device_id, 1, ["os_outdated"])),
    _write(_suspend),
    _write(_end),
    _write(lambda uow, one: clients.block(uow, one.client_id) and None),
)


def _figures(load: Load) -> Iterator[Figure]:
    yield Figure(NAME, "accepted_after_the_commit", load.wrong(), "requests", 0)
    yield Figure(NAME, "revocations", len(load.gone), "revocations")
    yield Figure(NAME, "requests", len(load.asked), "requests")
    yield Figure(NAME, "accepted", sum(accepted for *_, accepted in load.asked), "requests")


def _stream_figures(cuts: list[float]) -> Iterator[Figure]:
    if cuts:
        yield Figure(NAME, "stream_cut_p99", sorted(cuts)[int(len(cuts) * 0.99)], "s", 1.0)
        yield Figure(NAME, "stream_cut_p50", sorted(cuts)[len(cuts) // 2], "s")


def _circumstances(settings: Settings, edge: str) -> str:
    engine = settings.database_url.partition(":")[0]
    served = "4 workers and an edge" if edge else "one process"
    return f"{machine()}, {engine}, {served}, {THREADS} threads asking, a revocation each {PACE} s"
