"""The Headwind agent against a live server: real bytes, real connections, polls that are held."""

import hashlib
import http.client
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from muster.kernel.settings import Settings
from muster.server.serving import Embedded
from tests.clients.headwind.agent import HeadwindAgent, Told, WrongSignature
from tests.conftest import House
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.cards import authority
from tests.factories.mdm import Console, Force, token_for

SECRET = "Xq7mV2rTk9Lw4Zs8Bn3Yc6Hd1Gf5Jp0A"
THREADS = 2
POLLS = 6


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, headwind_secret=SECRET)


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with Embedded(house.kernel, host="127.0.0.1", port=port, threads=THREADS):
        yield port


@pytest.fixture
def store(house: House) -> Store:
    return Store(Force(house))


def agent(port: int, admin: Console, number: str, **options: Any) -> HeadwindAgent:
    """Return an agent fresh from the wizard that scanned its code."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Told:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=90)) as connection:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Told(answer.status, dict(answer.getheaders()), answer.read())

    token = token_for(admin, agent="headwind")["token"]
    return HeadwindAgent(
        send, number, **{"secret": SECRET, "checks": True, "token": token, **options}
    )


def first_device(admin: Console) -> str:
    return str(admin.get("/admin/v1/devices").get_json()["items"][0]["id"])


def order(admin: Console, device: str, kind: str) -> None:
    body = {"kind": kind, "reason": "a test of polls"}
    assert admin.post(f"/admin/v1/devices/{device}/commands", body).status_code == 201


def test_a_phone_gets_its_apps_and_authorities_and_both_sides_sign(port: int, store: Store) -> None:
    phone = agent(port, store.admin, "HW-1")
    phone.sync()
    device, content = first_device(store.admin), apk()
    store.admin.call("PUT", f"/admin/v1/device-groups/{store.pilot}/members/{device}")
    store.rolled(store.approved(content), store.pilot, mode="required")
    layer = {
        "scope_kind": "unit",
        "scope_id": str(store.force.units["NORTH"]),
        "document": {
            "certificates": [{"name": "Force CA", "pem": authority().pem.decode()}],
            "apps": {"blocked": ["com.example.game"]},
        },
    }
    drafted = store.admin.post("/admin/v1/configurations", layer)
    assert drafted.status_code == 201, drafted.get_data(as_text=True)
    published = store.admin.post(f"/admin/v1/configurations/{drafted.get_json()['id']}/publish")
    assert published.status_code == 200, published.get_data(as_text=True)
    store.force.work()
    config = phone.sync()  # a CHECK_SIGNATURE build: it would have refused other bytes
    phone.start_polling()
    while len(config["applications"]) < 2:
        phone.poll()  # held until the workers have compiled the rest
        config = phone.sync()
    ours, blocked = config["applications"]
    assert (ours["pkg"], ours["code"], ours["remove"]) == (PACKAGE, 1, False)
    assert (blocked["pkg"], blocked["remove"]) == ("com.example.game", True)
    assert all(app["version"] is not None for app in config["applications"])
    whole = phone.download(ours["url"])
    assert whole.body == content
    assert whole.header("Content-Length") == str(len(content))
    part = phone.download(ours["url"], Range="bytes=10-19")
    assert (part.status, part.body) == (206, content[10:20])
    (file,) = config["files"]
    fetched = phone.download(file["url"]).body
    assert hashlib.md5(fetched).hexdigest() == file["checksum"]
    (setting,) = config["applicationSettings"]
    assert (setting["name"], setting["value"]) == ("certificates", file["path"])
    phone.secret = "another build's"
    assert phone.download(ours["url"]).status == 403
    unsigned = agent(port, store.admin, "HW-2", secret="another build's")
    assert unsigned.fetch().envelope["message"] == "error.permission.denied"
    phone.secret = SECRET
    with pytest.raises(WrongSignature):
        phone.believed(Told(200, {}, b'{"status":"OK","message":null,"data":{}}'))


def test_held_polls_take_no_worker_and_end_at_an_order(port: int, store: Store) -> None:
    phones = [agent(port, store.admin, f"HW-{number}") for number in range(POLLS)]
    for phone in phones:
        phone.start_polling()  # before it moves: its signature will be stale
        phone.sync()
    with ThreadPoolExecutor(POLLS) as threads:
        polls = [threads.submit(phone.poll) for phone in phones]
        for phone in phones:  # three times as many polls as workers wait, and all goes on
            assert phone.info().ok
            assert phone.fetch().ok
        assert not any(poll.done() for poll in polls)
        listed = store.admin.get("/admin/v1/devices").get_json()["items"]
        for device in listed:
            order(store.admin, device["id"], "reboot")
        for poll in polls:
            (message,) = poll.result(timeout=10)
            assert message == {"messageType": "configUpdated", "payload": None}
    for phone in phones:
        assert phone.sync()["reboot"]
        assert phone.acts == ["rebooted"]
