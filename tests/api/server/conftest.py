"""A server on a port of its own, with its front, its Flask threads and its workers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest
import uvicorn

from muster.server.front import Front
from muster.server.serving import Embedded
from tests.conftest import House
from tests.factories.mdm import Force


@dataclass(frozen=True)
class Served:
    """Where the house answers on the network."""

    house: House
    port: int
    http: httpx.Client

    def raw(self, *parts: bytes, cut: bool = False) -> bytes:
        """Send bytes as they are and return all that comes back; `cut` stops sending early."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            with suppress(OSError):  # the server may have hung up already
                for part in parts:
                    line.sendall(part)
                if cut:
                    line.shutdown(socket.SHUT_WR)
            answer = b""
            with suppress(ConnectionResetError):
                while more := line.recv(65536):
                    answer += more
            return answer


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def listening(front: Front) -> Iterator[httpx.Client]:
    """Serve a front alone, without workers, on a port of its own."""
    port = free_port()
    config = uvicorn.Config(front, host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
        yield http
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    port = free_port()
    with (
        Embedded(house.kernel, host="127.0.0.1", port=port, threads=4),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as http,
    ):
        yield Served(house, port, http)
