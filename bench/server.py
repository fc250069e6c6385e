"""A server of Muster's in a process of its own, so that its memory is its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from muster.kernel.settings import Settings
from muster.server.demo.state import environment

_COMMAND = "from muster.server.cli import main; main()"
_PATIENCE = 180.0
_MEGABYTE = 1024.0


def free_port() -> int:
    """Return a port on loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Serve in one process on the settings' own port and yield its id."""
    with _running(settings, "serve", "--port", _port(settings)) as server:
        _await(f"{settings.origin}/readyz", server)
        yield server.pid


@contextlib.contextmanager
def working(settings: Settings) -> Iterator[int]:
    """Serve as production does, jobs in a process of their own; yield the one web worker's id.

    The edge is left out: nobody holds an event stream open.
    """
    command = ("serve", "--workers", "1", "--port", _port(settings))
    with _running(settings, *command) as server, _running(settings, "worker"):
        _await(f"{settings.origin}/readyz", server)
        yield _only_child(server.pid)


@contextlib.contextmanager
def streaming(settings: Settings, workers: int) -> Iterator[str]:
    """Serve with several workers and an edge on PostgreSQL; yield the edge's address.

    On SQLite one process serves everything and '' is yielded: news does not reach another process.
    """
    if settings.database_url.startswith("sqlite"):
        with serving(settings):
            yield ""
        return
    edge = f"http://127.0.0.1:{free_port()}"
    command = ("serve", "--workers", str(workers), "--port", _port(settings))
    with (
        _running(settings, *command) as server,
        _running(settings, "edge", "--port", edge.rpartition(":")[2]) as streams,
    ):
        _await(f"{settings.origin}/readyz", server)
        _await(f"{edge}/readyz", streams, 404)
        yield edge


@contextlib.contextmanager
def _running(settings: Settings, *command: str) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *command], env=os.environ | environment(settings)
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _port(settings: Settings) -> str:
    return settings.origin.rpartition(":")[2]


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process. `share` counts pages it shares with others in part (PSS): what one
    more worker costs the machine. `resident` counts them whole (RSS); `peak` is its highest."""

    share: float
    resident: float
    peak: float


def _only_child(process_id: int) -> int:
    threads = Path(f"/proc/{process_id}/task").iterdir()
    (child,) = (
        int(number)
        for thread in threads
        for number in (thread / "children").read_text(encoding="ascii").split()
    )
    return child


def memory(process_id: int) -> Memory:
    """Measure a process (Linux)."""
    folder = Path(f"/proc/{process_id}")
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / _MEGABYTE
        for name in ("status", "smaps_rollup")
        for line in (folder / name).read_text(encoding="ascii").splitlines()
        if line.endswith("kB")
    }
    return Memory(sizes["Pss"], sizes["VmRSS"], sizes["VmHWM"])


def _await(url: str, process: "subprocess.Popen[bytes]", status: int = 200) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).status_code == status:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{url} was not ready within {_PATIENCE:.0f} s")
