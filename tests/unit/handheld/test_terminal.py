"""What a terminal keeps, refuses and destroys, against a server that a test writes line by line."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from muster.handheld import Offline, Terminal, TerminalError, Vault, bring
from muster.handheld.errors import FileDamaged, LeaseEnded, NotSignedIn
from muster.server.demo.apks import ApkKey, build_apk
from tests.unit.handheld.conftest import ORIGIN
from tests.unit.handheld.signing import Signer

DEVICE = "0193-device"
FORM = {"id": "f1", "rev": 1, "_deleted": False, "form_id": "note", "version": "1", "fields": []}
APK_KEY = ApkKey.generate("Tests")
APK = build_apk(
    package="org.example.app", version_code=2, version_name="2", label="App", key=APK_KEY
)


class Server:
    """Answers by path; `officer` is whoever signs in next."""

    def __init__(self, signer: Signer) -> None:
        self.signer, self.officer, self.away = signer, "chen", False
        self.lease_lasts = timedelta(hours=1)
        self.apps: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []
        self.reported: list[dict[str, Any]] = []
        self.results: list[str] = []
        self.documents: list[dict[str, Any]] = [FORM]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("no network")
        path = request.url.path
        if path.endswith("/result"):
            self.results.append(path)
            return httpx.Response(200, json={})
        if path.startswith("/file/"):
            return httpx.Response(200, content=APK)
        answer = getattr(self, path.strip("/").replace("/", "_").replace("-", "_"))(request)
        return httpx.Response(200, json=answer)

    def agent_v1_enrol(self, request: httpx.Request) -> Any:
        keys = [self.signer.jwk]
        return {
            "device_id": DEVICE,
            "label": "T-1",
            "configuration": self._desired(),
            "manifest_keys": keys,
        }

    def agent_v1_companions(self, request: httpx.Request) -> Any:
        assert json.loads(request.content) == {"device_class": "body_camera"}
        return {"content": _code(self.signer.kid), "expires_at": "2026-05-01T00:00:00Z"}

    def agent_v1_check_in(self, request: httpx.Request) -> Any:
        body = json.loads(request.content)
        self.reported += body.get("apps", [])
        return {"configuration": self._desired() if "apps" not in body else None, "commands": []}

    def oauth_token(self, request: httpx.Request) -> Any:
        return {"access_token": "mat", "refresh_token": "mrt", "session_id": f"s-{self.officer}"}

    def mobile_v1_me(self, request: httpx.Request) -> Any:
        return {"officer": {"id": self.officer, "number": self.officer}}

    def mobile_v1_sign_out(self, request: httpx.Request) -> Any:
        return {}

    def sync_v1_lease(self, request: httpx.Request) -> Any:
        scopes = {"forms": ["force:all"]}
        return self.signer.seal(
            "lease", DEVICE, self.lease_lasts, officer=self.officer, collections=scopes
        )

    def sync_v1_forms_pull(self, request: httpx.Request) -> Any:
        first = "checkpoint" not in json.loads(request.content)
        return {"documents": self.documents if first else [], "checkpoint": {"token": "1"}}

    def _desired(self) -> Any:
        document = {"apps": self.apps, "files": self.files}
        return self.signer.seal("desired_state", DEVICE, serial=1, document=document)


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[Signer]:
    vault = Vault(tmp_path / "server")
    yield Signer(vault)
    vault.close()


@pytest.fixture
def server(signer: Signer) -> Server:
    return Server(signer)


@pytest.fixture
def terminal(server: Server, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "terminal", transport=httpx.MockTransport(server))
    terminal.enrol(_code(server.signer.kid), "S1")
    yield terminal
    terminal.close()


def _code(*kids: str) -> dict[str, Any]:
    return {"token": "met_1", "audience": ORIGIN, "manifest_keys": list(kids)}


def _work(terminal: Terminal) -> str:
    terminal.sign_in("chen", "847291")
    terminal.pull()
    return terminal.collect("note", {})


def test_another_officers_sign_in_erases_documents_and_keeps_unsent_work(
    terminal: Terminal, server: Server
) -> None:
    op_id = _work(terminal)
    terminal.sign_out()
    server.officer, server.documents = "qin", []
    terminal.sign_in("qin", "847291")
    terminal.pull()
    assert terminal.documents("forms") == []
    assert terminal.outbox.waiting() == [op_id]


def test_the_same_officer_finds_what_was_pulled(terminal: Terminal, server: Server) -> None:
    _work(terminal)
    terminal.sign_out()
    terminal.sign_in("chen", "847291")
    assert [form["form_id"] for form in terminal.documents("forms")] == ["note"]


def test_nobody_reads_documents_without_signing_in(terminal: Terminal) -> None:
    _work(terminal)
    terminal.sign_out()
    with pytest.raises(NotSignedIn):
        terminal.documents("forms")


def test_after_the_lease_nothing_is_read_and_work_still_waits(
    terminal: Terminal, server: Server
) -> None:
    op_id = _work(terminal)
    sealed = server.signer.seal(
        "lease", DEVICE, timedelta(seconds=-1), officer="chen", collections={}
    )
    terminal.vault.put("officer", "lease", sealed)
    with pytest.raises(LeaseEnded):
        terminal.documents("forms")
    assert terminal.outbox.waiting() == [op_id]


def test_a_lease_that_is_over_when_it_comes_is_refused(terminal: Terminal, server: Server) -> None:
    terminal.sign_in("chen", "847291")
    server.lease_lasts = timedelta(seconds=-1)
    with pytest.raises(FileDamaged):
        terminal.pull()


def test_a_configuration_signed_by_an_unnamed_key_is_not_applied(
    server: Server, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path / "other", transport=httpx.MockTransport(server))
    with pytest.raises(FileDamaged):
        terminal.enrol(_code("another-thumbprint"), "S1")
    assert terminal.device_id == ""
    terminal.close()


def test_an_enrolled_terminal_follows_no_code_to_another_server(terminal: Terminal) -> None:
    code = _code() | {"audience": "https://elsewhere.example"}
    with pytest.raises(TerminalError, match="belongs to"):
        terminal.enrol(code, "S1")


def test_a_wearable_comes_in_through_its_terminal_with_a_key_of_its_own(
    terminal: Terminal, server: Server, tmp_path: Path
) -> None:
    transport = httpx.MockTransport(server)
    camera = bring(terminal, tmp_path / "camera", "S2", "body_camera", transport=transport)
    assert camera.device_id == DEVICE
    assert camera.key.jwk != terminal.key.jwk
    camera.close()


WIPE = [{"id": "c1", "kind": "wipe", "body": {}}, {"id": "c2", "kind": "message", "body": {}}]


def test_a_wipe_is_confirmed_and_nothing_is_left(terminal: Terminal, server: Server) -> None:
    _work(terminal)
    assert terminal.carry_out(WIPE) == [("wipe", "done")]
    assert server.results == ["/agent/v1/commands/c1/result"]
    assert terminal.vault.rooms() == []


def test_a_wipe_that_cannot_be_confirmed_destroys_the_data_all_the_same(
    terminal: Terminal, server: Server
) -> None:
    _work(terminal)
    server.away = True
    with pytest.raises(Offline):
        terminal.carry_out(WIPE)
    assert terminal.vault.rooms() == ["agent", "identity"]
    server.away = False
    assert terminal.carry_out(WIPE) == [("wipe", "done")]
    assert terminal.vault.rooms() == []


def _app(signer: str = APK_KEY.sha256, **more: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(APK).hexdigest()
    app = {"package": "org.example.app", "version_code": 2, "mode": "required", "signer": signer}
    return app | {"sha256": sha256, "size": len(APK), "url": f"/file/{sha256}"} | more


Wish = Callable[[], dict[str, Any]]


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        (_app, "installed"),
        (lambda: _app(signer="0" * 64), "failed"),
        (lambda: _app(sha256="0" * 64), "failed"),
        (lambda: _app(size=len(APK) - 1), "failed"),
    ],
)
def test_an_app_is_installed_only_as_it_was_signed_for(
    wish: Wish, state: str, terminal: Terminal, server: Server
) -> None:
    server.apps = [wish()]
    terminal.check_in()
    assert [one["state"] for one in terminal.apps.update()] == [state]
    assert [one["state"] for one in server.reported] == [state]
    assert terminal.apps.installed() == ({"org.example.app": 2} if state == "installed" else {})


def test_required_files_are_fetched_held_against_their_hash_and_dropped(
    terminal: Terminal, server: Server
) -> None:
    whole = _app()
    file = {"slug": "root-ca", "version": 1, "kind": "certificate", "name": "ca.cer"}
    file |= {name: whole[name] for name in ("sha256", "size", "url")}
    twin = file | {"slug": "twin", "name": "twin.cer"}
    forged = file | {"slug": "forged", "sha256": "0" * 64, "url": "/file/forged"}
    server.files = [file, twin, forged]
    terminal.check_in()
    states = {one["slug"]: one["state"] for one in terminal.shelf.update()}
    assert states == {"root-ca": "held", "twin": "held", "forged": "failed"}
    assert terminal.shelf.held() == {"root-ca": 1, "twin": 1}
    server.files = [file]
    terminal.check_in()
    assert [one["state"] for one in terminal.shelf.update()] == ["dropped"]
    assert terminal.shelf.update() == []
    assert terminal.shelf.held() == {"root-ca": 1}


def test_an_available_app_is_installed_when_it_is_chosen(
    terminal: Terminal, server: Server
) -> None:
    server.apps = [_app(mode="available")]
    terminal.check_in()
    assert terminal.apps.update() == []
    terminal.apps.update(chosen=frozenset({"org.example.app"}))
    assert terminal.apps.installed() == {"org.example.app": 2}
