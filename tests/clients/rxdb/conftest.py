"""A live server on loopback with an owner of notes, and RxDB on Node beside it."""

import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.kernel.kernel import Kernel
from muster.server.serving import Embedded
from tests import npm
from tests.conftest import MovableClock
from tests.factories.sync import City, sync_credential
from tests.factories.sync_house import city, kernel, notes, wired

__all__ = ["city", "kernel", "notes", "wired"]

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def installed() -> Path:
    """Install the pinned packages once; workers of one run wait for each other."""
    return npm.install(HERE)


@dataclass
class RxDB:
    """A Node process with any number of RxDB databases, each one terminal."""

    process: "subprocess.Popen[str]"
    city: City
    clock: MovableClock

    def open(self, name: str, number: str) -> None:
        """Open a database for an officer, and wait for its first sync."""
        secret = sync_credential(self.city, number, self.clock() + timedelta(days=1))
        self.do("open", name=name, secret=secret)

    def do(self, act: str, **parts: Any) -> Any:
        """Do one thing and return what comes of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"act": act, **parts}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "the client ended"}')
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def rows(self, name: str) -> Any:
        return self.do("rows", name=name)

    def sees(self, name: str, rows: dict[str, str]) -> None:
        """Wait until a database holds exactly these rows, without asking it to pull."""
        self.do("sees", name=name, rows=rows)


@pytest.fixture
def rxdb(kernel: Kernel, city: City, clock: MovableClock, installed: Path) -> Iterator[RxDB]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Embedded(kernel, host="127.0.0.1", port=port):
        command = ["node", "client.mjs", f"http://127.0.0.1:{port}"]
        process = subprocess.Popen(
            command, cwd=installed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        found = RxDB(process, city, clock)
        try:
            yield found
            found.do("close")
        finally:
            process.stdin.close() if process.stdin else None
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close() if process.stdout else None
