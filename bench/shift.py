"""`shift`: one whole shift through every package, against a server in a process of its own."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, Report, machine
from bench.server import free_port, memory, serving
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
    """Play the shift once and report how long it took, the worker's memory, and what it cost."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        settings = settings_in(Path(folder), free_port())
        if url := os.environ.get("DATABASE_URL"):
            settings = replace(settings, database_url=url)
        with contextlib.redirect_stdout(sys.stderr):  # what is played is no figure
            city, play = _stage(settings)
            with serving(settings) as worker:
                load_world(play)
                done = play.perform(STEPS)
                resident, peak = memory(worker)
                play.close()
    figures = [*_figures(done, resident, peak), *_costs(done)]
    return Report(NAME, figures, _circumstances(settings, city))


def _stage(settings: Settings) -> tuple[City, Play]:
    city, kernel = generate(datetime.now(UTC)), built(settings)
    known = populate(kernel, city)
    close(kernel)
    return city, Play(settings.origin, settings.state_dir, city, known)


def _figures(done: Sequence[Performed], resident: float, peak: float) -> Iterator[Figure]:
    yield Figure(NAME, "seconds", sum(step.seconds for step in done), "s", SECONDS)
    yield Figure(NAME, "worker_memory", resident, "MB", WORKER_MB)
    yield Figure(NAME, "worker_memory_peak", peak, "MB")
    requests = sum(step.cost.requests for step in done)
    yield Figure(NAME, "requests", requests, "requests")


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
    return f"{machine()}; {engine}{durable}; {rows} rows in registers, one terminal at a time"
