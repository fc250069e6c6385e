"""A live server on loopback, and oauth4webapi on Node beside it, as an app on a terminal."""

import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from muster.kernel.identity import clients, devices, set_pin
from muster.kernel.identity.models import Officer, RoleGrant, Unit
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.server.serving import Embedded
from tests import npm
from tests.conftest import settings_for

HERE = Path(__file__).parent
CALLBACK = "org.passmuster.field:/signed-in"
NUMBER, PIN, APP, SERVER = "204001", "836194", "muster.field", "records.archive"


@pytest.fixture(scope="session")
def installed() -> Path:
    """Install the pinned package once; workers of one run wait for each other."""
    return npm.install(HERE)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Proofs and metadata name the origin, so the port is chosen beforehand."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return replace(settings_for(tmp_path, database_url), origin=f"http://127.0.0.1:{port}")


@dataclass
class App:
    """The Node process."""

    process: "subprocess.Popen[str]"

    def do(self, act: str, **parts: Any) -> Any:
        """Do one thing and return what comes of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"act": act, **parts}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "the client ended"}')
        assert "error" not in answer, answer["error"]
        return answer["value"]


@pytest.fixture
def app(kernel: Kernel, installed: Path) -> Iterator[App]:
    origin = kernel.settings.origin
    with Embedded(kernel, host="127.0.0.1", port=int(origin.rpartition(":")[2])):
        command = ["node", "client.mjs", origin, APP, CALLBACK]
        process = subprocess.Popen(
            command, cwd=installed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            found = App(process)
            populate(kernel, found.do("keys"))
            yield found
        finally:
            process.stdin.close() if process.stdin else None
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close() if process.stdout else None


def populate(kernel: Kernel, keys: dict[str, Any]) -> None:
    """Enrol the app's terminal, appoint an officer, register the app and a server."""
    with kernel.writes() as uow:
        unit = Unit(id=uuid7(), code="CITY", name="City", path="/CITY/")
        uow.session.add(unit)
        uow.session.flush()
        officer = Officer(id=uuid7(), number=NUMBER, name="Chen Yu", sworn=True, unit_id=unit.id)
        uow.session.add(officer)
        uow.session.flush()
        uow.session.add(RoleGrant(officer_id=officer.id, role="officer", unit_id=unit.id))
        set_pin(uow, officer, PIN)
        devices.admit(uow, label="T-1", unit_id=unit.id, jwk=keys["terminal"])
        client = clients.register(uow, APP, "field", scopes=["records", "tasks"])
        client.redirect_uris = [CALLBACK]
        server = clients.register(uow, SERVER, "resource_server", scopes=["records"])
        server.jwks = [keys["server"]]
