"""Runs the processes: the embedded server, production workers, the edge and the job worker."""

import signal
import threading
from pathlib import Path
from typing import Self

import uvicorn

from muster.kernel.jobs import Worker
from muster.kernel.kernel import Kernel
from muster.server import memory
from muster.server.app import create_app
from muster.server.front import Front


class Embedded:
    """The whole server in one process: front, Flask and the job worker, for small forces.

    Also a context manager that serves in a background thread (`muster demo`, tests).
    """

    def __init__(
        self, kernel: Kernel, *, host: str, port: int, threads: int = 8, uds: Path | None = None
    ) -> None:
        self._worker_stop = threading.Event()
        self._workers = [
            threading.Thread(
                target=Worker(kernel).run, args=(self._worker_stop,), name=name, daemon=True
            )
            for name in ("worker-1", "worker-2")  # so that a long import delays no event
        ]
        config = uvicorn.Config(
            Front(kernel, create_app(kernel), threads=threads),
            host=host,
            port=port,
            uds=str(uds) if uds else None,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="front", daemon=True)

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        memory.settled()
        self._start_workers()
        try:
            self._server.run()
        finally:
            self._stop_workers()

    def __enter__(self) -> Self:
        self._start_workers()
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the server could not start; is the port in use?")
            self._thread.join(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._stop_workers()

    def _start_workers(self) -> None:
        for worker in self._workers:
            worker.start()

    def _stop_workers(self) -> None:
        self._worker_stop.set()
        for worker in self._workers:
            worker.join(10)


def run_edge(kernel: Kernel, *, host: str, port: int, uds: Path | None = None) -> None:
    """Serve event streams only."""
    front = Front(kernel, create_app(kernel), streams_only=True)
    memory.settled()
    socket = str(uds) if uds else None
    uvicorn.run(front, host=host, port=port, uds=socket, log_config=None, access_log=False)


def run_worker(kernel: Kernel) -> None:
    """Run jobs until SIGINT or SIGTERM."""
    memory.settled()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Worker(kernel).run(stop)


def run_granian(*, host: str, port: int, workers: int, uds: Path | None = None) -> None:
    """Serve everything but streams with granian's WSGI workers, behind nginx."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "muster.server.wsgi:application",
        address=host,
        port=port,
        uds=uds,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        log_access=False,
    ).serve()
