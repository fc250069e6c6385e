"""`shift`: one whole shift through every package, against a server in a process of its own."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, Report, machine
from bench.server import Memory, free_port, memory, serving, working
from muster.kernel.settings import Settings
from muster.server.assembly import close
from muster.server.demo.bootstrap import populate
from muster.server.demo.city import City, generate
from muster.server.demo.play import Performed, Play
from muster.server.demo.run import built
from muster.server.demo.shift import STEPS
from muster.server.demo.state import settings_in
from muster.server.demo.world import load_world

NAME = "shift"
SECONDS = 60.0
WORKER_MB = 140.0


def run() -> Report:
    """Play the shift once and report how long it took and what it cost, and what memory took.

    It is played on a server in one process, and again on a web worker as in production.
    """
    with _own_settings() as own:
        settings = replace(own, database_url=os.environ.get("DATABASE_URL") or own.database_url)
        city, done, server = _played(settings, serving)
    with _own_settings() as own:
        _, _, worker = _played(own, working)
    figures = [*_figures(done), *_memory("server", server), *_memory("worker", worker, WORKER_MB)]
    return Report(NAME, [*figures, *_costs(done)], _circumstances(settings, city))


@contextlib.contextmanager
def _own_settings() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        yield settings_in(Path(folder), free_port())


def _played(
    settings: Settings, serve: Callable[[Settings], AbstractContextManager[int]]
) -> tuple[City, Sequence[Performed], Memory]:
    """Play the shift; return its city, its steps and the server's memory at the end."""
    with contextlib.redirect_stdout(sys.stderr):  # what is played is no figure
        city, play = _stage(settings)
        with serve(settings) as process:
            load_world(play)
            done = play.perform(STEPS)
            size = memory(process)
            play.close()
    return city, done, size


def _stage(settings: Settings) -> tuple[City, Play]:
    city, kernel = generate(datetime.now(UTC)), built(settings)
    known = populate(kernel, city)
    close(kernel)
    return city, Play(settings.origin, settings.state_dir, city, known)


def _figures(done: Sequence[Performed]) -> Iterator[Figure]:
    yield Figure(NAME, "seconds", sum(step.seconds for step in done), "s", SECONDS)
    requests = sum(step.cost.requests for step in done)
    yield Figure(NAME, "requests", requests, "requests")


def _memory(of: str, size: Memory, target: float | None = None) -> Iterator[Figure]:
    yield Figure(NAME, f"{of}_memory", size.share, "MB", target)
    yield Figure(NAME, f"{of}_memory_resident", size.resident, "MB")
    yield Figure(NAME, f"{of}_memory_peak", size.peak, "MB")


def _costs(done: Sequence[Performed]) -> Iterator[Figure]:
    for number, step in enumerate(done, start=1):
        each = step.cost.requests or 1
        name, cost = f"step_{number}", step.cost
        yield Figure(NAME, f"{name}.seconds", step.seconds, "s")
        yield Figure(NAME, f"{name}.statements_per_request", cost.statements / each, "statements")
        yield Figure(NAME, f"{name}.commits_per_request", cost.commits / each, "commits")


def _circumstances(settings: Settings, city: City) -> str:
    engine = settings.database_url.partition(":")[0]
    durable = f", synchronous={settings.sqlite_synchronous}" if engine == "sqlite" else ""
    rows = len(city.addresses) + len(city.persons) + len(city.vehicles) + len(city.hot_list)
    worker = "" if engine == "sqlite" else "; the worker's memory is taken on sqlite"
    shared = f"{rows} rows in registers, one terminal at a time{worker}"
    return f"{machine()}; {engine}{durable}; {shared}"
