"""`audit.append`: single-event appends while the sealer is alive, and how fast a log is verified.

Every append is one transaction of its own with one entry, as a request writes it. The writers are
processes of their own; the sealer runs in this one, every second, as a worker's duty does. How long
an entry waited is read from the log itself: the moment of its checkpoint less its own.
"""

import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import create_engine, make_url, select, text

from bench.figures import Figure, Report, machine
from bench.server import free_port
from muster.kernel.audit import AuditLog, Entry, Live, Verdict, seal, verify
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES
from muster.kernel.db import Mode
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.ondevice.subjects import Subject, normalise
from muster.server.assembly import assemble, close, database
from muster.server.demo.state import settings_in
from muster.server.schema import upgrade

NAME = "audit.append"
SECONDS = 12.0
WARM_UP = 2.0
PROCESSES, THREADS = 2, 8
APPENDS, SEALED, VERIFIED = 3_000.0, 2.0, 200_000.0
LONG = 200_000  # entries that verification walks, at least


def run() -> Report:
    """Measure on the engine of DATABASE_URL, or on SQLite."""
    with _own() as settings:
        kernel = assemble(settings)
        try:
            postgres = not kernel.db.is_sqlite
            appended = _append(kernel, settings, PROCESSES if postgres else 1)
            lags = sorted(_lags(kernel))
            _lengthen(kernel)
            rate, verdict = _walk(kernel, index=False)
            searched, _ = _walk(kernel, index=True)
            durable = f", synchronous_commit={_durable(kernel)}" if postgres else ""
        finally:
            close(kernel)
    if not verdict.ok:
        raise RuntimeError(f"the bench's own log is not sound: {verdict}")
    target = {"target": APPENDS, "sign": ">="} if postgres else {}
    figures = [
        Figure(NAME, "appends", appended, "/s", **target),
        Figure(NAME, "sealed_p50", _at(lags, 0.5), "s"),
        Figure(NAME, "sealed_p99", _at(lags, 0.99), "s", SEALED),
        Figure(NAME, "verify", rate, "entries/s", VERIFIED, ">="),
        Figure(NAME, "verify_with_index", searched, "entries/s"),
    ]
    engine = "PostgreSQL" if postgres else f"SQLite synchronous={settings.sqlite_synchronous}"
    writers = f"{PROCESSES} x {THREADS} writers" if postgres else f"1 x {THREADS} writers"
    where = f"{engine}{durable}, {writers}, {len(lags):,} appends, {verdict.size:,} verified"
    return Report(NAME, figures, f"{where}, {machine()}")


@contextmanager
def _own() -> Iterator[Settings]:
    """Yield settings of a database of this run alone."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        settings, server = settings_in(Path(folder), free_port()), os.environ.get("DATABASE_URL")
        if server is None:
            _migrate(settings)
            yield settings
            return
        name = f"bench_{secrets.token_hex(6)}"
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        _administer(server, f'CREATE DATABASE "{name}"')
        try:
            settings = replace(settings, database_url=url)
            _migrate(settings)
            yield settings
        finally:
            _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _append(kernel: Kernel, settings: Settings, processes: int) -> float:
    """Append for some seconds from processes of their own; return appends a second."""
    stop = threading.Event()
    sealer = threading.Thread(target=_seal, args=(kernel, stop))
    sealer.start()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        began = time.time() + WARM_UP + processes
        futures = [pool.submit(_writer, settings, began) for _ in range(processes)]
        done = sum(future.result() for future in futures)
    stop.set()
    sealer.join()
    return done / SECONDS


def _seal(kernel: Kernel, stop: threading.Event) -> None:
    while not stop.wait(1.0):
        seal(kernel)
    while seal(kernel):
        pass


def _writer(settings: Settings, begins: float) -> int:
    """Append from several threads of this process between two moments; return how often."""
    kernel = assemble(replace(settings, database_pool=THREADS))
    counts = [0] * THREADS
    subject = normalise("plate", "\N{CJK UNIFIED IDEOGRAPH-4EAC}A12345").subject

    def write(place: int) -> None:
        _write(kernel, subject, begins, 0)
        counts[place] = _write(kernel, subject, begins + SECONDS, 1)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close(kernel)
    return sum(counts)


def _write(kernel: Kernel, subject: Subject, until: float, step: int) -> int:
    done = 0
    while time.time() < until:
        with kernel.db.session(Mode.WRITES) as session:
            kernel.audit.append(session, [_entry(subject)])
            session.commit()
        done += 1
    return done


def _entry(subject: Subject) -> Entry:
    """Return an entry as a check on the street leaves it."""
    return Entry(
        action="field.check.run",
        outcome="permitted",
        actor_kind="officer",
        actor_id=uuid7(),
        actor_label="204001",
        sworn=True,
        unit_id=uuid7(),
        device_id=uuid7(),
        session_id=uuid7(),
        client="field",
        zone="mobile",
        source="10.1.2.3",
        resource_type="Check",
        resource_id=str(uuid7()),
        purpose="stop_check",
        case_ref="A2026-1120-0025",
        policies=("checks.officers-ask-from-terminals",),
        policy_set="6db57a0339c75ce3",
        subjects=[subject],
        result={"signal": "none", "sources": 3},
        request_id=str(uuid7()),
    )


def _lags(kernel: Kernel) -> Iterator[float]:
    """Yield how long each entry waited for its checkpoint, in seconds."""
    with kernel.db.connect() as connection:
        sealed = connection.execute(
            select(CHECKPOINTS.c.size, CHECKPOINTS.c.at).order_by(CHECKPOINTS.c.size)
        ).all()
        rows = connection.execute(
            select(LEAVES.c.seq, ENTRIES.c.at)
            .join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
            .order_by(LEAVES.c.seq)
        )
        place = 0
        for seq, at in rows:
            while sealed[place].size <= seq:
                place += 1
            yield max((sealed[place].at - at) / timedelta(seconds=1), 0.0)


def _lengthen(kernel: Kernel) -> None:
    """Append in large transactions until the log is long enough to time a walk."""
    log: AuditLog = kernel.audit
    subject = normalise("plate", "\N{CJK UNIFIED IDEOGRAPH-4EAC}A12345").subject
    with kernel.db.connect() as connection:
        size = len(connection.execute(select(LEAVES.c.seq)).all())
    while size < LONG:
        with kernel.db.session(Mode.WRITES) as session:
            log.append(session, [_entry(subject) for _ in range(2_000)])
            session.commit()
        size += 2_000
        seal(kernel)
    while seal(kernel):
        pass
    if not kernel.db.is_sqlite:  # as autovacuum would have done by then
        with kernel.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
            line.execute(text("VACUUM ANALYZE"))


def _walk(kernel: Kernel, *, index: bool) -> tuple[float, Verdict]:
    began = time.perf_counter()
    with kernel.snapshot() as uow:
        verdict = verify(Live(uow, index=index))
    return verdict.size / (time.perf_counter() - began), verdict


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _migrate(settings: Settings) -> None:
    opened = database(settings)
    upgrade(opened)
    opened.dispose()


def _administer(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _durable(kernel: Kernel) -> str:
    with kernel.db.connect() as connection:
        return str(connection.execute(text("SHOW synchronous_commit")).scalar_one())


if __name__ == "__main__":
    print(run(), file=sys.stderr)
