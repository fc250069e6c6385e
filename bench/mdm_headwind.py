"""`mdm.headwind`: a Headwind agent fetches its configuration at 200 a second of many terminals.

The load is open: each call has its own moment, whether those before it have been answered or not, and
its time counts from that moment. The server is a process of its own; on PostgreSQL two workers.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import local
from urllib.parse import urlsplit

from bench.figures import Figure, Report, machine
from bench.server import free_port, serving, streaming
from mdm.configuration import refresh
from mdm.devices.models import ManagedDevice
from mdm.enrolment.models import EnrolToken
from mdm.gateways.headwind import paths
from muster.kernel.identity import Officer, Unit, devices
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.server.assembly import close
from muster.server.demo.run import built
from muster.server.demo.state import settings_in

NAME = "mdm.headwind"
TERMINALS, RATE, SECONDS, THREADS = 1000, 200, 15, 32
P99_MS = 200.0
_kept = local()


def run() -> Report:
    """Make a fleet, serve it, and fetch."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        own = settings_in(Path(folder), free_port())
        settings = replace(own, database_url=os.environ.get("DATABASE_URL") or own.database_url)
        kernel = built(settings)
        try:
            addresses = _fleet(kernel)
            with _served(settings):
                _fetched(settings, addresses, 2)
                taken, failed = _fetched(settings, addresses, SECONDS)
            engine = "SQLite" if kernel.db.is_sqlite else "PostgreSQL, two workers"
        finally:
            close(kernel)
    ordered = sorted(taken)
    figures = [
        Figure(NAME, "p50", ordered[len(ordered) // 2], "ms"),
        Figure(NAME, "p99", ordered[int(len(ordered) * 0.99)], "ms", P99_MS),
        Figure(NAME, "failed", failed, "calls", 0),
    ]
    return Report(NAME, figures, f"{TERMINALS} terminals, {RATE}/s, {engine}; {machine()}")


@contextlib.contextmanager
def _served(settings: Settings) -> Iterator[None]:
    sqlite = settings.database_url.startswith("sqlite")
    with contextlib.ExitStack() as running:
        running.enter_context(serving(settings) if sqlite else streaming(settings, workers=2))
        yield


def _fleet(kernel: Kernel) -> Sequence[str]:
    """Make terminals that live on paths of their own; return where each fetches."""
    with kernel.writes() as uow:
        unit = Unit(id=uuid7(), code="BENCH", name="Bench", path="/BENCH/")
        uow.session.add(unit)
        uow.session.flush()
        officer = Officer(id=uuid7(), number="90001", name="B", sworn=True, unit_id=unit.id)
        uow.session.add(officer)
        uow.session.flush()
        token = EnrolToken(
            id=uuid7(),
            token_hash="bench",
            kind="batch",
            uses_left=0,
            expires_at=uow.now() + timedelta(days=1),
            unit_id=unit.id,
            created_by=officer.id,
            agent="headwind",
        )
        uow.session.add(token)
        uow.session.flush()
        made = []
        for number in range(TERMINALS):
            device = devices.admit(uow, label=f"B-{number}", unit_id=unit.id, jwk=None)
            uow.session.add(
                ManagedDevice(
                    id=device.id, token_id=token.id, serial=f"B-{number}", agent="headwind"
                )
            )
            uow.session.flush()
            row = paths.first(uow, device.id, f"B-{number}", "unknown")
            secret = paths.wanted(kernel, row)
            made.append(f"/hmdm-{secret}/rest/public/sync/configuration/B-{number}")
            refresh(uow, [device.id])
    return made


def _fetched(settings: Settings, addresses: Sequence[str], seconds: int) -> tuple[list[float], int]:
    """Fetch at the rate for some seconds; return the milliseconds of each, and how many failed."""
    begins = time.monotonic() + 0.2
    with ThreadPoolExecutor(THREADS) as threads:
        asked = [
            threads.submit(
                _fetch, settings.origin, addresses[index % len(addresses)], begins + index / RATE
            )
            for index in range(RATE * seconds)
        ]
        answers = [one.result() for one in asked]
    return [taken for taken, _ in answers], sum(not good for _, good in answers)


def _fetch(origin: str, address: str, at: float) -> tuple[float, bool]:
    time.sleep(max(0.0, at - time.monotonic()))
    if not hasattr(_kept, "connection"):
        _kept.connection = HTTPConnection(urlsplit(origin).netloc, timeout=20)
    connection: HTTPConnection = _kept.connection
    connection.request("GET", address)
    answer = connection.getresponse()
    good = answer.status == 200 and b'"status":"OK"' in answer.read()[:20]
    return (time.monotonic() - at) * 1000, good
