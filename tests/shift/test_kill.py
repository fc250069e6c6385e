"""kill -9 in the middle of the work: what was acknowledged is there, once."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from muster.handheld import Offline, Refused, Terminal
from muster.server.demo.costs import Costs
from muster.server.demo.desk import Desk
from muster.server.demo.form_stop_check import FORM_ID
from muster.server.demo.photo import night_street
from muster.server.demo.state import environment, settings_in
from tests.shift.conftest import COMMAND, demo
from tests.shift.conftest import environment as bare

TERMINALS, RECORDS = 3, 8
KILLS_AFTER = (3, 9, 14)
PHOTO = "street.png"


@dataclass
class Acknowledged:
    """References the server gave; `reached` is set when there are as many as are waited for."""

    references: set[str] = field(default_factory=set)
    wanted: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, reference: str) -> None:
        with self.lock:
            self.references.add(reference)
            if len(self.references) >= self.wanted:
                self.reached.set()

    def await_more(self, wanted: int) -> None:
        with self.lock:
            self.wanted = wanted
            self.reached.clear()
            if len(self.references) >= wanted:
                self.reached.set()


class Server:
    """`muster serve` on the state that a demo left behind."""

    def __init__(self, state: Path, port: int, database: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            if database:
                patch.setenv("MUSTER_DATABASE_URL", database)
            self.settings = settings_in(state, port)
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return bare() | environment(self.settings)

    def start(self) -> None:
        command = [*COMMAND, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment)
        for _ in range(600):
            assert self.process.poll() is None, "the server did not start"
            try:
                if httpx.get(f"{self.settings.origin}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.1)
        raise AssertionError("the server was not ready within a minute")

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(own_database: str, port: int, tmp_path: Path) -> Iterator[Server]:
    played = demo("--once", "--port", str(port), database=own_database, state=tmp_path)
    assert played.returncode == 0, played.stdout + played.stderr
    server = Server(tmp_path, port, own_database)
    yield server
    if server.process is not None and server.process.poll() is None:
        server.process.terminate()
        server.process.wait(20)


# A connection that kill -9 cuts may fall apart on our side too; what was acknowledged is judged.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_was_acknowledged_before_kill_9_is_there_once(server: Server, tmp_path: Path) -> None:
    manifest = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    server.start()
    supervisor = _sign_in(manifest, "supervisor")
    terminals = _fleet(manifest, tmp_path / "fleet")
    made = {op_id for terminal in terminals for op_id in terminal.outbox.waiting()}
    acknowledged = Acknowledged()
    for count in KILLS_AFTER:
        acknowledged.await_more(count)
        with ThreadPoolExecutor(TERMINALS) as pool:
            pushing = [pool.submit(_push, terminal, acknowledged) for terminal in terminals]
            assert acknowledged.reached.wait(60), "the terminals got nothing acknowledged"
            server.kill()
            assert not any(push.result() for push in pushing), "all was sent before the kill"
        server.start()
    for terminal in terminals:
        _push_all(terminal, acknowledged)

    records = _records(supervisor)
    assert len(acknowledged.references) == len(made)
    ids = [record["id"] for record in records if record["device_id"] in _ids(terminals)]
    assert sorted(ids) == sorted(acknowledged.references)
    for reference in acknowledged.references:
        files = supervisor.get(f"/admin/v1/records/{reference}")["attachments"]
        assert [file["state"] for file in files] == ["stored"]
    _log_is_sound(server)
    for terminal in terminals:
        terminal.close()
    supervisor.close()


def _fleet(manifest: dict[str, Any], folder: Path) -> list[Terminal]:
    """Terminals of one officer, each with records that wait, made offline."""
    admin, officer = _sign_in(manifest, "device_admin"), manifest["field"]["logins"][0]
    unit = admin.get("/admin/v1/devices", limit=1)["items"][0]["unit"]
    fleet = []
    for number in range(TERMINALS):
        made = admin.post("/admin/v1/enrolment-tokens", {"unit": unit})
        terminal = Terminal(folder / str(number))
        terminal.enrol(made["content"], f"KILL-{number}")
        terminal.check_in()
        terminal.sign_in(officer["number"], officer["pin"])
        terminal.pull()
        for record in range(RECORDS):
            answers = {"reason": "checkpoint", "outcome": "no_action", "photo": PHOTO}
            answers["note"] = f"terminal {number}, record {record}"
            terminal.collect(FORM_ID, answers, {PHOTO: night_street(record)})
        fleet.append(terminal)
    admin.close()
    return fleet


def _push(terminal: Terminal, acknowledged: Acknowledged) -> bool:
    """Push until the line is cut or all is sent; return whether all was."""
    try:
        for sent in terminal.outbox.push():
            assert sent.status in ("recorded", "waiting"), sent
            if sent.status == "recorded":
                acknowledged.add(sent.answer["reference"])
    except (Offline, Refused):
        return False
    return not terminal.outbox.waiting()


def _push_all(terminal: Terminal, acknowledged: Acknowledged) -> None:
    """Push until nothing waits: a killed request holds its upload for ten seconds more."""
    for _ in range(120):
        if _push(terminal, acknowledged):
            return
        threading.Event().wait(0.5)
    raise AssertionError(f"still waiting after a minute: {terminal.outbox.waiting()}")


def _sign_in(manifest: dict[str, Any], role: str) -> Desk:
    login = next(one for one in manifest["console"]["logins"] if role in one["roles"])
    return Desk(manifest["base_url"], login["number"], login["password"], login["totp"], Costs())


def _records(supervisor: Desk) -> list[dict[str, Any]]:
    found, after = list[dict[str, Any]](), None
    while True:
        query = {"limit": 100} | ({"after": after} if after else {})
        page = supervisor.get("/admin/v1/records", **query)
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def _ids(terminals: list[Terminal]) -> set[str]:
    return {terminal.device_id for terminal in terminals}


def _log_is_sound(server: Server) -> None:
    verdict = subprocess.run(
        [*COMMAND, "audit", "verify"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
