"""`appstore.download`: 20 MB, 20 at once, sent by nginx for Muster, beside nginx alone and Muster alone.

nginx runs with the location of `deploy/nginx/site.inc`, a process per core, on a free port;
Muster as in production, one web worker. The three ways take turns, so that what else the machine does falls
on all of them; medians of the rounds. Readers are threads of this process and throw the bytes away.
The file is one of the download centre's: each download is decided on, counted and audited.
"""

import contextlib
import getpass
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from appstore.files import FileVersion, StoreFile
from bench.figures import Figure, Report, machine
from bench.houses import empty_house
from bench.server import free_port, working
from bench.standing import Held, appoint
from muster.kernel.identity import Officer
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel

NAME = "appstore.download"
SIZE, AT_ONCE, ROUNDS, MOST = 20 * 2**20, 20, 5, 1.6
_SITE = Path(__file__).parents[1] / "deploy" / "nginx" / "site.inc"
_NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
_TICKS = os.sysconf("SC_CLK_TCK")
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_FRAME = """daemon off; user {user}; worker_processes auto; pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
    access_log off; {temporary}
    server {{
        listen 127.0.0.1:{port};
        sendfile on; tcp_nopush on;
        location /plain/ {{ alias {objects}/; }}
        location / {{
            proxy_pass http://127.0.0.1:{muster};
            proxy_http_version 1.1;
            proxy_set_header X-Muster-Proxy {secret};
        }}
        {accel}
    }}
}}
"""


def run() -> Report:
    """Serve one file in three ways and compare them."""
    secret = secrets.token_urlsafe(32)
    with empty_house(proxy_secret=secret, accel_root="/_objects") as kernel:
        officers = appoint(kernel, AT_ONCE)
        path = _shelved(kernel, officers[0].officer_id)
        muster = int(kernel.settings.origin.rpartition(":")[2])
        with working(kernel.settings) as worker, _nginx(kernel, secret, muster) as port:
            ways: dict[str, Callable[[], float]] = {
                "plain": lambda: _round(port, f"/plain/{path}", None),
                "nginx": lambda: _round(port, f"/appstore/v1/shelf/{path[-64:]}", officers),
                "muster": lambda: _round(muster, f"/appstore/v1/shelf/{path[-64:]}", officers),
            }
            for way in ways.values():
                way()
            took, spent = _measured(ways, worker)
    megabytes = AT_ONCE * SIZE / 2**20
    ratio = took["nginx"] / took["plain"]
    figures = [
        Figure(NAME, "plain nginx", megabytes / took["plain"], "MB/s"),
        Figure(NAME, "by nginx for Muster", megabytes / took["nginx"], "MB/s"),
        Figure(NAME, "by Muster itself", megabytes / took["muster"], "MB/s"),
        Figure(NAME, "time, by nginx for Muster", ratio, "x", MOST, peer="plain nginx"),
        Figure(NAME, "app, by nginx for Muster", spent["nginx"], "ms CPU"),
        Figure(NAME, "app, by Muster itself", spent["muster"], "ms CPU"),
    ]
    engine = "SQLite" if kernel.db.is_sqlite else "PostgreSQL"
    rows = f"{AT_ONCE} x {SIZE // 2**20} MB at once, {ROUNDS} rounds, {engine}"
    return Report(NAME, figures, f"{rows}; {machine()}")


def _measured(
    ways: dict[str, Callable[[], float]], worker: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Return seconds of a round, and milliseconds of the worker's CPU for one download."""
    took: dict[str, list[float]] = {way: [] for way in ways}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            before = _cpu(worker)
            took[name].append(way())
            spent[name].append((_cpu(worker) - before) * 1000 / AT_ONCE)
    return (
        {name: statistics.median(rounds) for name, rounds in took.items()},
        {name: statistics.median(rounds) for name, rounds in spent.items()},
    )


def _shelved(kernel: Kernel, officer_id: UUID) -> str:
    """Put a file for everyone on the shelf; return its key in the store."""
    stored = kernel.blobs.store_shared(os.urandom(2**20) for _ in range(SIZE // 2**20))
    with kernel.writes() as uow:
        unit_id = uow.session.get_one(Officer, officer_id).unit_id
        blob = kernel.blobs.record(uow, stored, "application/pdf")
        file = StoreFile(
            id=uuid7(), slug="bench", title="Bench", unit_id=unit_id, created_by=officer_id
        )
        uow.session.add(file)
        uow.session.flush()
        uow.session.add(
            FileVersion(
                file_id=file.id,
                number=1,
                state="current",
                sha256=stored.sha256,
                size=stored.size,
                media_type="application/pdf",
                original_name="bench.pdf",
                submitted_by=officer_id,
                blob_id=blob.id,
            )
        )
    return stored.store_key


@contextlib.contextmanager
def _nginx(kernel: Kernel, secret: str, muster: int) -> Iterator[int]:
    """Run nginx and yield its port."""
    folder, port = kernel.settings.state_dir, free_port()
    objects = kernel.settings.blob_url.removeprefix("file://")
    accel = re.search(r"location /_objects/.*?\n}", _SITE.read_text("utf-8"), re.DOTALL)
    assert accel is not None
    conf = folder / "nginx.conf"
    conf.write_text(
        _FRAME.format(
            user=getpass.getuser(),
            folder=folder,
            port=port,
            objects=objects,
            muster=muster,
            secret=secret,
            temporary=" ".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY),
            accel=accel[0].replace("/srv/muster/objects", objects),
        )
    )
    process = subprocess.Popen([_NGINX, "-c", str(conf), "-e", str(folder / "error.log")])
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise RuntimeError("nginx did not start")


def _round(port: int, path: str, officers: Sequence[Held] | None) -> float:
    """Fetch the file as often as at once, and return the seconds until the last byte was here."""
    requests = []
    for number in range(AT_ONCE):
        held = officers[number] if officers else None
        shown = held.headers("GET", f"{held.origin}{path}") if held else {}
        lines = "".join(f"{name}: {value}\r\n" for name, value in shown.items())
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        requests.append(f"{head}{lines}\r\n".encode())
    with ThreadPoolExecutor(AT_ONCE) as readers:
        began = time.perf_counter()
        list(readers.map(lambda request: _read(port, request), requests))
        return time.perf_counter() - began


def _read(port: int, request: bytes) -> None:
    """Ask and throw away what comes; it must be a whole file."""
    held, taken, head = bytearray(2**20), 0, b""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(request)
        while number := line.recv_into(held):
            head = head or bytes(held[:2048])
            taken += number
    start, _, _ = head.partition(b"\r\n\r\n")
    if b" 200 " not in start or taken != SIZE + len(start) + 4:
        raise RuntimeError(f"{taken} bytes came: {head[:300]!r}")


def _cpu(process_id: int) -> float:
    """Return the CPU seconds of a process."""
    line = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii")
    fields = line.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
