"""`mdm.checkin`: what one report of a terminal costs, through its documented route.

20,000 terminals, 40,000 commands of which one terminal in twenty has one open. Requests are WSGI
calls in this process, with DPoP proofs by each terminal's own key made before the clock runs. CPU
is this process's, and on PostgreSQL that of the server processes behind its connections, read from
/proc. Reports are those of a quiet day: posture, battery, applied hash, a number; nothing is new.
Each terminal reports once, so that each report writes its audit row, as one in a quarter hour does.
"""

import contextlib
import hashlib
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import insert, select, text, update

from bench.figures import Figure, Report, machine
from bench.server import free_port
from bench.standing import public_jwk
from mdm.commands.models import Command
from mdm.configuration.models import Desired
from mdm.devices.models import ManagedDevice
from mdm.enrolment.models import EnrolToken
from muster.kernel.identity import Device, Officer, Unit, thumbprint
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.web import MusterFlask
from muster.server.app import create_app
from muster.server.assembly import assemble, close, database
from muster.server.demo.state import settings_in
from muster.server.schema import upgrade

NAME = "mdm.checkin"
TERMINALS, COMMANDS, OPEN_IN = 20_000, 40_000, 20
CALLERS, ROUNDS = 250, 15
TOTAL_MS, POSTGRES_PER_SECOND, SQLITE_PER_SECOND = 1.0, 1000, 800
_PATH = "/agent/v1/check-in"
_TICKS = os.sysconf("SC_CLK_TCK")
_POSTURE = {
    "encrypted": True,
    "passcode_set": True,
    "rooted": False,
    "usb_debugging": False,
    "bootloader_locked": True,
}


@dataclass(frozen=True)
class Caller:
    """A terminal that reports, and its key."""

    key: ec.EllipticCurvePrivateKey
    jwk: dict[str, str]


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one report: of this process, of the database's, and by the clock."""

    app: float
    database: float
    wall: float


def run() -> Report:
    """Measure with a kernel of its own on an empty database."""
    with _kernel() as kernel:
        app = create_app(kernel)
        hash_, callers = _populate(kernel)
        _round(kernel, app, callers[:CALLERS], hash_)
        _settle(kernel)
        rounds = [
            _round(kernel, app, callers[start : start + CALLERS], hash_)
            for start in range(CALLERS, len(callers), CALLERS)
        ]
        sqlite = kernel.db.is_sqlite
        durable = _durability(kernel)
    spent = Spent(*(statistics.median(one) for one in zip(*map(_parts, rounds), strict=True)))
    total = spent.app + spent.database
    wanted = SQLITE_PER_SECOND if sqlite else POSTGRES_PER_SECOND
    figures = [
        Figure(NAME, "app", spent.app, "ms CPU"),
        Figure(NAME, "database", spent.database, "ms CPU"),
        Figure(NAME, "total", total, "ms CPU", None if sqlite else TOTAL_MS),
        Figure(NAME, "one_core", 1000 / total, "reports/s", wanted, ">="),
        Figure(NAME, "one_thread", 1000 / spent.wall, "reports/s"),
    ]
    rows = f"{TERMINALS:,} terminals, {COMMANDS:,} commands, {ROUNDS} x {CALLERS} reports"
    return Report(NAME, figures, f"{rows}, {durable}; {machine()}")


@contextlib.contextmanager
def _kernel() -> Iterator[Kernel]:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        own = settings_in(Path(folder), free_port())
        settings = replace(own, database_url=os.environ.get("DATABASE_URL") or own.database_url)
        db = database(settings)
        upgrade(db)
        db.dispose()
        kernel = assemble(settings)
        yield kernel
        close(kernel)


def _populate(kernel: Kernel) -> tuple[str, list[Caller]]:
    """Make the fleet; return the hash of what all are to be, and those whose keys are known."""
    hash_ = f"sha256:{hashlib.sha256(b'bench').hexdigest()}"
    unit, officer, token = uuid7(), uuid7(), uuid7()
    with kernel.writes() as uow:
        uow.session.add(Unit(id=unit, code="BENCH", name="Bench", path="/BENCH/"))
        uow.session.flush()
        uow.session.add(Officer(id=officer, number="90001", name="B", sworn=True, unit_id=unit))
        uow.session.add(Desired(hash=hash_, document={"configuration": {}}, created_at=uow.now()))
        uow.session.flush()
        uow.session.add(_token(token, unit, officer, uow.now()))
    callers = [_caller() for _ in range(CALLERS * (ROUNDS + 1))]
    ids = [uuid7() for _ in range(TERMINALS)]
    for start in range(0, TERMINALS, 2000):
        with kernel.writes() as uow:
            some = range(start, start + 2000)
            now = uow.now()
            rows = [_principal(ids[n], n, unit, callers) for n in some]
            uow.session.execute(insert(Device), [row | {"posture_at": now} for row in rows])
            managed = [_managed(ids[n], n, token, hash_) for n in some]
            uow.session.execute(
                insert(ManagedDevice), [row | {"last_seen": now} for row in managed]
            )
            uow.session.execute(insert(Command), [c for n in some for c in _commands(ids[n], n)])
    if not kernel.db.is_sqlite:
        with kernel.db.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return hash_, callers


def _settle(kernel: Kernel) -> None:
    """Give all terminals the verdict that one got: on a quiet day it does not change."""
    with kernel.writes() as uow:
        judged = select(Device.tier, Device.posture_reasons).where(Device.label == "B-000000")
        tier, reasons = uow.session.execute(judged).one()
        everyone = update(Device).values(tier=tier, posture_reasons=reasons)
        uow.session.execute(everyone.execution_options(synchronize_session=False))


def _token(id_: UUID, unit: UUID, officer: UUID, now: Any) -> EnrolToken:
    return EnrolToken(
        id=id_,
        token_hash="bench",
        kind="batch",
        uses_left=1,
        unit_id=unit,
        created_by=officer,
        expires_at=now + timedelta(days=1),
    )


def _caller() -> Caller:
    key = ec.generate_private_key(ec.SECP256R1())
    return Caller(key, public_jwk(key))


def _principal(id_: UUID, number: int, unit: UUID, callers: list[Caller]) -> dict[str, Any]:
    known = callers[number].jwk if number < len(callers) else {}
    return {
        "id": id_,
        "label": f"B-{number:06}",
        "unit_id": unit,
        "jwk": known,
        "jkt": thumbprint(known) if known else hashlib.sha256(id_.bytes).hexdigest()[:43],
        "state": "enrolled",
        "tier": 2,
        "posture_reasons": ["not_attested"],
    }


def _managed(id_: UUID, number: int, token: UUID, hash_: str) -> dict[str, Any]:
    return {
        "id": id_,
        "token_id": token,
        "serial": f"SN{number:08}",
        "agent_version": "1.0.0",
        "patch_level": datetime.now(UTC).date(),
        "desired_hash": hash_,
        "applied_hash": hash_,
        "facts": _POSTURE,
        "software": {f"org.example.app{n}": {"version_code": n, "version": ""} for n in range(80)},
    }


def _commands(device_id: UUID, number: int) -> Iterator[dict[str, Any]]:
    for place in range(COMMANDS // TERMINALS):
        waits = number % OPEN_IN == 0 and place == 0
        yield {
            "id": uuid7(),
            "device_id": device_id,
            "kind": "refresh",
            "priority": 40,
            "state": "queued" if waits else "acknowledged",
            "reason": "bench",
        }


def _round(kernel: Kernel, app: MusterFlask, callers: list[Caller], hash_: str) -> Spent:
    """Let each caller report once."""
    environs = [_request(kernel, caller, hash_) for caller in callers]
    database = _database_seconds(kernel)
    began, cpu = time.perf_counter(), time.process_time()
    for environ in environs:
        _call(app, environ)
    spent, took = time.process_time() - cpu, time.perf_counter() - began
    behind = _database_seconds(kernel) - database
    share = 1000 / len(callers)
    return Spent(spent * share, behind * share, took * share)


def _request(kernel: Kernel, caller: Caller, hash_: str) -> dict[str, Any]:
    body = {
        "sequence": 1,
        "posture": _POSTURE,
        "battery": 80,
        "applied_hash": hash_,
    }
    data = msgspec.json.encode(body)
    claims = {
        "jti": uuid4().hex,
        "htm": "POST",
        "htu": kernel.settings.origin + _PATH,
        "iat": int(time.time()),
    }
    header = {"typ": "dpop+jwt", "jwk": caller.jwk}
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": _PATH,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(data)),
        "HTTP_HOST": "localhost",
        "HTTP_DPOP": jwt.encode(claims, caller.key, algorithm="ES256", headers=header),
    }


def _call(app: MusterFlask, environ: dict[str, Any]) -> None:
    told: list[str] = []

    def start(status: str, *_: Any) -> Callable[[bytes], object]:
        told.append(status)
        return lambda _: None

    answer = app(environ, start)
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if not told[0].startswith("200"):
        raise RuntimeError(f"the bench's report was refused: {told[0]} {body[:300]!r}")


def _database_seconds(kernel: Kernel) -> float:
    """Return the CPU seconds of the database processes that serve this one; 0 for SQLite."""
    if kernel.db.is_sqlite:
        return 0.0
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with kernel.db.engine.connect() as connection:
        numbers = connection.execute(text(query)).scalars().all()
    return sum(map(_process_seconds, numbers))


def _process_seconds(process_id: int) -> float:
    try:
        line = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    fields = line.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _durability(kernel: Kernel) -> str:
    if kernel.db.is_sqlite:
        return f"SQLite, synchronous={kernel.settings.sqlite_synchronous}"
    with kernel.db.engine.connect() as connection:
        commits = connection.execute(text("SHOW synchronous_commit")).scalar_one()
    return f"PostgreSQL, synchronous_commit={commits}"


def _parts(spent: Spent) -> tuple[float, float, float]:
    return spent.app, spent.database, spent.wall
