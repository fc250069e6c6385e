"""Apps on a terminal: honoured modes, conditions, splits and configuration; unsent work comes first."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.handheld import Offline, Terminal, Vault
from muster.handheld.app_conditions import Surroundings, waits_for
from muster.handheld.app_files import chosen
from muster.handheld.errors import AppRefused, FileDamaged
from muster.ondevice.canonical import content_hash
from muster.server.demo.apks import ApkKey, build_apk
from tests.unit.handheld.conftest import ORIGIN
from tests.unit.handheld.signing import Signer

DEVICE, PACKAGE = "0193-device", "org.example.app"
KEY, OTHER = ApkKey.generate("Tests"), ApkKey.generate("Somebody else")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@cache
def apk(code: int, key: ApkKey = KEY) -> bytes:
    return build_apk(
        package=PACKAGE, version_code=code, version_name=str(code), label="App", key=key
    )


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def app(code: int = 2, **more: Any) -> dict[str, Any]:
    content = apk(code)
    entry = {"package": PACKAGE, "kind": "apk", "version_code": code, "mode": "required"}
    file = {"sha256": sha(content), "size": len(content), "signer": KEY.sha256}
    return entry | file | {"url": f"/appstore/v1/downloads/{sha(content)}"} | more


def split(name: str, content: bytes, **applies: Any) -> dict[str, Any]:
    return {"name": name, "applies_to": applies, "sha256": sha(content), "size": len(content)}


class Server:
    """Gives files by hash and takes reports; with `loses` the answer of a report never arrives."""

    def __init__(self, signer: Signer) -> None:
        self.signer, self.apps, self.serial, self.loses = signer, [app()], 5, False
        self.device = DEVICE
        self.files = {sha(content): content for content in (apk(1), apk(2), apk(3), apk(9, OTHER))}
        self.reports: list[list[dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/appstore"):
            content = self.files.get(path.rpartition("/")[2])
            return httpx.Response(200, content=content) if content else httpx.Response(404)
        if path.endswith("/enrol"):
            keys = [self.signer.jwk]
            told = {"device_id": DEVICE, "label": "T-1", "manifest_keys": keys}
            return httpx.Response(200, json=told | {"configuration": self.desired()})
        said = json.loads(request.content).get("apps")
        if said:
            self.reports.append(said)
            if self.loses:
                raise httpx.ReadTimeout("no answer")
        configuration = None if said else self.desired()
        return httpx.Response(200, json={"configuration": configuration, "commands": []})

    def desired(self, **more: Any) -> Any:
        content = {"serial": self.serial, "document": {"apps": self.apps}, **more}
        return self.signer.seal("desired_state", self.device, **content)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    vault = Vault(tmp_path / "server")
    yield Server(Signer(vault))
    vault.close()


@pytest.fixture
def terminal(server: Server, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "terminal", transport=httpx.MockTransport(server))
    kids = [server.signer.kid]
    terminal.enrol({"token": "met_1", "audience": ORIGIN, "manifest_keys": kids}, "S1")
    terminal.apps.now = lambda: NOON
    yield terminal
    terminal.close()


def wants(terminal: Terminal, server: Server, *apps: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the server want these apps, and return what the terminal makes of it."""
    server.apps, server.serial = list(apps), server.serial + 1
    terminal.check_in()
    return terminal.apps.update()


def test_yesterdays_state_and_another_terminals_are_refused_and_the_same_one_is_fine(
    terminal: Terminal, server: Server
) -> None:
    terminal.check_in()
    assert terminal.apps.update()[0]["state"] == "installed"
    yesterday, server.apps = server.desired(), []
    server.serial = 6
    terminal.check_in()
    for replayed in (yesterday, server.desired(serial=None), server.desired(serial=5)):
        with pytest.raises(FileDamaged):
            terminal.agent._apply(replayed)
    server.device = "0193-other"
    with pytest.raises(FileDamaged, match="not for"):
        terminal.agent._apply(server.desired())
    server.device = DEVICE
    over = server.signer.seal("desired_state", DEVICE, timedelta(seconds=-1), serial=9, document={})
    with pytest.raises(FileDamaged, match="expired"):
        terminal.agent._apply(over)
    terminal.check_in()
    assert terminal.agent.desired == {"apps": []}


def test_going_back_waits_until_no_work_is_unsent_and_then_loses_only_the_app(
    terminal: Terminal, server: Server
) -> None:
    wants(terminal, server, app(3))
    op_id = terminal.outbox.add("submission", {"a": 1}, "s-1")
    order = app(1, reinstall={"order": "o1", "data_loss": True})
    (state,) = wants(terminal, server, order)
    assert (state["state"], state["unsent"], state["reason"]) == (
        "waiting_outbox",
        1,
        "outbox_not_empty",
    )
    assert terminal.apps.update() == [], "told once"
    assert terminal.outbox.waiting() == [op_id]
    assert terminal.apps.installed() == {PACKAGE: 3}
    terminal.vault.drop("outbox", op_id)
    (state,) = terminal.apps.update()
    assert (state["state"], state["version_code"]) == ("installed", 1)
    assert terminal.apps.installed() == {PACKAGE: 1}
    assert wants(terminal, server, app(3))[0]["state"] == "installed"
    server.files.pop(sha(apk(1)))
    assert wants(terminal, server, order)[0]["reason"] == "download_refused"
    assert terminal.apps.installed() == {PACKAGE: 3}, "nothing is removed before all is here"


def test_a_blocked_app_is_suspended_while_work_is_unsent_and_then_removed(
    terminal: Terminal, server: Server
) -> None:
    wants(terminal, server, app())
    terminal.outbox.add("submission", {"a": 1}, "s-1")
    blocked = {"package": PACKAGE, "mode": "blocked"}
    assert wants(terminal, server, blocked)[0]["state"] == "waiting_outbox"
    assert wants(terminal, server, app())[0]["state"] == "installed", "it may run again"
    terminal.vault.clear("outbox")
    assert wants(terminal, server, blocked) == [
        {"package": PACKAGE, "state": "removed", "version_code": 2}
    ]
    assert terminal.apps.installed() == {}
    assert terminal.apps.install(PACKAGE) == f"{PACKAGE} must not be on this terminal."
    assert wants(terminal, server, blocked) == []


def test_a_report_whose_answer_got_lost_is_sent_again_and_nothing_is_installed_twice(
    terminal: Terminal, server: Server
) -> None:
    terminal.check_in()
    server.loses = True
    with pytest.raises(Offline):
        terminal.apps.update()
    server.loses = False
    assert terminal.apps.update() == []
    assert server.reports[0] == server.reports[1]
    terminal.apps.update()
    assert len(server.reports) == 2


def test_an_installation_waits_for_its_conditions_and_says_so_once(
    terminal: Terminal, server: Server
) -> None:
    terminal.apps.around.charging = False
    waiting = app(conditions={"charging": True})
    (state,) = wants(terminal, server, waiting)
    assert (state["state"], state["reason"]) == ("waiting", "charging")
    assert terminal.apps.update() == []
    assert terminal.apps.install(PACKAGE) == "", "people may install at any time"
    over = app(3, conditions={"charging": True}, deadline=NOON.isoformat())
    assert wants(terminal, server, over)[0]["state"] == "installed"


def test_a_set_of_files_is_chosen_for_this_terminal_and_signed_by_one(
    terminal: Terminal, server: Server
) -> None:
    parts = [
        split("base", apk(1)),
        split("arm64", apk(3), abi="arm64-v8a"),
        split("x86", b"never fetched", abi="x86_64"),
    ]
    assert wants(terminal, server, app(kind="apks", files=parts))[0]["state"] == "installed"
    forged = [*parts, split("fr", apk(9, OTHER), language="en")]
    (state,) = wants(terminal, server, app(3, kind="apks", files=forged))
    assert (state["state"], state["reason"]) == ("failed", "signer_mismatch")
    assert terminal.apps.installed() == {PACKAGE: 2}
    foreign = [split("x86", b"x", abi="x86_64")]
    assert wants(terminal, server, app(3, files=foreign))[0]["reason"] == "split_missing"


def test_a_configuration_is_laid_beside_the_app_and_its_hash_is_told(
    terminal: Terminal, server: Server
) -> None:
    first, second = {"server": "a"}, {"server": "b"}
    for config in (first, second):
        (state,) = wants(terminal, server, app(config=config))
        assert state["config_hash"] == content_hash(config)
        assert terminal.apps.config(PACKAGE) == config
    assert wants(terminal, server, app(config=second)) == []


def test_a_web_app_is_its_bundle_of_files(terminal: Terminal, server: Server) -> None:
    bundle = b"PK not looked into"
    server.files[sha(bundle)] = bundle
    file = {
        "sha256": sha(bundle),
        "size": len(bundle),
        "url": f"/appstore/v1/downloads/{sha(bundle)}",
    }
    web = {"address": "https://muster.example/app", "scopes": [], "bundle": file}
    entry = app(kind="web", signer="", web=web)
    assert wants(terminal, server, entry)[0]["state"] == "installed"
    damaged = web | {"bundle": file | {"size": 3}}
    (state,) = wants(terminal, server, entry | {"version_code": 3, "web": damaged})
    assert state["state"] == "installed", "the same bytes are here already"


@given(
    st.booleans(),
    st.integers(0, 100),
    st.integers(0, 23),
    st.tuples(st.integers(0, 23), st.integers(0, 23)),
)
def test_a_deadline_ends_every_wait(
    charging: bool, battery: int, hour: int, window: tuple[int, int]
) -> None:
    around = Surroundings(network="metered", charging=charging, battery=battery)
    asked = {
        "network": "unmetered",
        "charging": True,
        "battery_min": 50,
        "window": {"from": f"{window[0]:02}:00", "until": f"{window[1]:02}:00"},
    }
    now = NOON.replace(hour=hour)
    wanted = {"mode": "required", "conditions": asked}
    assert waits_for(wanted, around, now) == "network"
    assert waits_for(wanted | {"deadline": now.isoformat()}, around, now) == ""
    available = {"mode": "available", "conditions": asked, "deadline": now.isoformat()}
    assert waits_for(available, around, now) == "network"
    only = {"mode": "required", "conditions": {"window": asked["window"]}}
    hours = {(window[0] + passed) % 24 for passed in range((window[1] - window[0]) % 24)}
    assert (waits_for(only, around, now) == "") == (hour in hours)


def test_the_nearest_density_that_is_not_coarser_is_taken() -> None:
    parts = [split(name, b"x", density=name) for name in ("mdpi", "xxhdpi", "xxxhdpi")]
    names = [part["name"] for part in chosen(parts, Surroundings(density=420))]
    assert names == ["xxhdpi"]
    with pytest.raises(AppRefused):
        chosen([split("x", b"x", abi="mips")], Surroundings())
