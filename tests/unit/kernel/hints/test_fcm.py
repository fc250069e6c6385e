"""Hints over FCM's HTTP v1 protocol, spoken by a server of the test."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select

from muster.kernel import hints
from muster.kernel.errors import InvalidInput
from muster.kernel.hints import HintAddress
from muster.kernel.jobs import Worker
from muster.kernel.notices import Notice
from muster.kernel.settings import SettingsError

SENT = 200, {"name": "projects/city-police/messages/1"}
UNREGISTERED = 404, {"error": {"status": "NOT_FOUND", "details": [{"errorCode": "UNREGISTERED"}]}}
OVER_QUOTA = (
    429,
    {"error": {"status": "RESOURCE_EXHAUSTED", "details": [{"errorCode": "QUOTA_EXCEEDED"}]}},
    ("Retry-After", "120"),
)
WRONG_SENDER = 403, {"error": {"details": [{"errorCode": "SENDER_ID_MISMATCH"}]}}


class Fcm:
    """Google's token endpoint and FCM, answering what the test put into `answers`."""

    def __init__(self) -> None:
        self.requests: list = []
        self.answers: list = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/token":
                    status, answer = 200, {"access_token": "at", "expires_in": 3600}
                    headers = []
                else:
                    told = (self.path, self.headers["Authorization"], json.loads(body))
                    outer.requests.append(told)
                    status, answer, *headers = outer.answers.pop(0)
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def fcm():
    fcm = Fcm()
    yield fcm
    fcm.close()


@pytest.fixture(scope="session")
def service_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def worker(bare, jobs_wired, fcm, service_key, device_id, tmp_path):
    """A worker of a house with FCM, where the terminal has left its token."""
    account = tmp_path / "account.json"
    account.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "city-police",
                "client_email": "muster@city-police.invalid",
                "private_key": service_key,
                "token_uri": f"{fcm.url}/token",
            }
        )
    )
    settings = SimpleNamespace(mqtt_url="", fcm_credentials=str(account), fcm_endpoint=fcm.url)
    hints.wire(bare.ports, settings)
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "fcm", "token-1")
    yield Worker(bare)
    bare.ports.ask(hints.CARRIERS, "fcm").close()


def send(kernel, device_id, look="commands") -> None:
    with kernel.writes() as uow:
        hints.send(uow, device_id, look)


def addresses(kernel) -> list[str]:
    with kernel.reads() as uow:
        return list(uow.session.scalars(select(HintAddress.address)))


def test_the_message_holds_the_token_and_where_to_look(bare, fcm, worker, device_id):
    fcm.answers = [SENT]
    send(bare, device_id)
    worker.run_until_idle()
    path, authorization, body = fcm.requests[0]
    assert path == "/v1/projects/city-police/messages:send"
    assert authorization == "Bearer at"
    assert body["message"]["token"] == "token-1"
    assert body["message"]["data"] == {"look": "commands"}
    assert "notification" not in body["message"]


def test_an_app_that_was_removed_loses_its_address(bare, fcm, worker, device_id):
    fcm.answers = [UNREGISTERED]
    send(bare, device_id)
    worker.run_until_idle()
    assert addresses(bare) == []
    send(bare, device_id)
    worker.run_until_idle()
    assert len(fcm.requests) == 1


def test_a_terminal_that_registered_anew_meanwhile_keeps_its_new_address(
    bare, fcm, worker, device_id
):
    with bare.writes() as uow:
        hints.set_address(uow, device_id, "fcm", "token-2")
        hints.forget_address(uow, device_id, "fcm", "token-1")
    assert addresses(bare) == ["token-2"]


@pytest.mark.parametrize("trouble", [(500, {}), (502, "no object")])
def test_when_fcm_is_in_trouble_the_hint_is_sent_later(bare, fcm, worker, device_id, trouble):
    fcm.answers = [trouble, SENT]
    send(bare, device_id)
    worker.run_until_idle()
    bare.clock.advance(minutes=1)
    worker.run_until_idle()
    assert (len(fcm.requests), fcm.answers) == (2, [])
    assert addresses(bare) == ["token-1"]


def test_over_quota_fcm_is_left_alone_as_long_as_it_says_and_this_shows(
    bare, fcm, worker, device_id
):
    fcm.answers = [OVER_QUOTA, SENT, SENT]
    send(bare, device_id)
    worker.run_until_idle()
    send(bare, device_id, "sync")
    bare.clock.advance(seconds=100)
    worker.run_until_idle()
    assert len(fcm.requests) == 1
    with bare.reads() as uow:
        (health,) = hints.carriers(uow)
        assert (health.failed, health.last_error) == (1, "FCM answered 429 QUOTA_EXCEEDED.")
        assert health.paused_until is not None
    bare.clock.advance(seconds=21)
    worker.run_until_idle()
    assert [body["message"]["data"]["look"] for _, _, body in fcm.requests[1:]] == ["commands"]


def test_an_account_that_fcm_refuses_is_told_to_the_system_admins_once(
    bare, fcm, worker, device_id
):
    fcm.answers = [WRONG_SENDER, WRONG_SENDER]
    send(bare, device_id)
    worker.run_until_idle()
    bare.clock.advance(minutes=1)
    worker.run_until_idle()
    assert len(fcm.requests) == 2
    with bare.reads() as uow:
        (notice,) = uow.session.scalars(select(Notice))
        assert (notice.kind, notice.role) == ("kern.hints_refused", "system_admin")
        assert notice.params == {"carrier": "FCM", "status": "403"}


def test_an_empty_or_endless_address_is_refused(bare, worker, device_id):
    for address in ("", "x" * 513):
        with pytest.raises(InvalidInput), bare.writes() as uow:
            hints.set_address(uow, device_id, "fcm", address)


def test_credentials_that_cannot_be_used_stop_the_boot(bare, jobs_wired, tmp_path):
    settings = SimpleNamespace(mqtt_url="", fcm_credentials=str(tmp_path / "none"), fcm_endpoint="")
    with pytest.raises(SettingsError, match="MUSTER_FCM_CREDENTIALS"):
        hints.wire(bare.ports, settings)
