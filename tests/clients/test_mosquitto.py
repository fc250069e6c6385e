"""Debian's Mosquitto, configured as in deploy/: a terminal hears its own hints and nothing else."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, Queue
from uuid import UUID

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from muster.kernel import hints
from muster.kernel.settings import Settings
from tests.conftest import House
from tests.factories.mdm import Console, Force, wipe
from tests.factories.terminal import TestTerminal

pytestmark = pytest.mark.needs("mosquitto_program")

DEPLOY = Path(__file__).parents[2] / "deploy" / "mosquitto"
OURS = "b5e7c0de1f2a49d8"
PATIENCE = 10


@dataclass
class Broker:
    """A running Mosquitto and the password file it reads."""

    port: int
    passwords: Path
    process: subprocess.Popen[bytes]

    def reload(self, house: House) -> None:
        """Write what `muster hints mqtt-passwords` writes, and have it read."""
        with house.kernel.reads() as uow:
            self.passwords.write_text(
                "".join(hints.password_file(uow, house.kernel.settings.mqtt_url))
            )
        self.process.send_signal(signal.SIGHUP)


@dataclass
class Listener:
    """An MQTT client of the agent's kind: what it heard, and what the broker said to it."""

    port: int
    name: str
    password: str | None
    received: Queue[bytes] = field(default_factory=Queue)
    answers: Queue[str] = field(default_factory=Queue)
    granted: Queue[bool] = field(default_factory=Queue)
    lost: threading.Event = field(default_factory=threading.Event)

    def connect(self) -> str:
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.name, protocol=mqtt.MQTTv5
        )
        if self.password is not None:
            self.client.username_pw_set(self.name, self.password)
        self.client.on_connect = lambda *a: self.answers.put(str(a[3]))
        self.client.on_subscribe = lambda *a: self.granted.put(not a[3][0].is_failure)
        self.client.on_disconnect = lambda *_: self.lost.set()
        self.client.on_message = lambda _c, _u, message: self.received.put(bytes(message.payload))
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()
        return self.answers.get(timeout=PATIENCE)

    def subscribe(self, topic: str) -> bool:
        self.client.subscribe(topic, qos=1)
        return self.granted.get(timeout=PATIENCE)

    def heard(self, timeout: float = PATIENCE) -> bytes | None:
        try:
            return self.received.get(timeout=timeout)
        except Empty:
            return None

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(settings: Settings, port: int) -> Settings:
    return replace(
        settings,
        mqtt_url=f"mqtt://muster:{OURS}@127.0.0.1:{port}",
        mqtt_public_url="mqtts://muster.example:8883",
    )


@pytest.fixture
def broker(house: House, port: int, tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    for name in ("mosquitto.conf", "acl"):
        content = (DEPLOY / name).read_text().replace("/mosquitto/config", str(folder))
        content = content.replace("listener 1883", f"listener {port} 127.0.0.1")
        if os.geteuid() == 0 and name == "mosquitto.conf":
            content += "user root\n"  # it could not read this folder as anybody else
        (folder / name).write_text(content)
    passwords = folder / "passwords"
    with house.kernel.reads() as uow:
        passwords.write_text("".join(hints.password_file(uow, house.kernel.settings.mqtt_url)))
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    process = subprocess.Popen([program, "-c", str(folder / "mosquitto.conf")])
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield Broker(port, passwords, process)
    house.kernel.ports.ask(hints.CARRIERS, "mqtt").close()  # type: ignore[attr-defined]
    process.terminate()
    process.wait(PATIENCE)


def registered(terminal: TestTerminal) -> tuple[str, str, str]:
    answer = terminal.agent("POST", "/agent/v1/hints/mqtt")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told = answer.get_json()
    assert told["url"] == "mqtts://muster.example:8883"
    return told["username"], told["password"], told["topic"]


def test_a_terminal_hears_its_own_hints_says_nothing_and_is_cut_off_when_wiped(
    house: House, broker: Broker
) -> None:
    force = Force(house)
    admin, approver = force.console("A1", "device_admin"), force.console("A2", "approver")
    mine, other = force.compliant(admin), force.compliant(admin)
    name, password, topic = registered(mine)
    other_name, other_password, other_topic = registered(other)
    broker.reload(house)
    listener = Listener(broker.port, name, password)
    witness = Listener(broker.port, other_name, other_password)
    assert (listener.connect(), witness.connect()) == ("Success", "Success")
    assert (listener.subscribe(topic), witness.subscribe(other_topic)) == (True, True)

    order(admin, mine.id)
    assert listener.heard() == b'{"look":"commands"}'

    # Neither a subscription to others' topics nor a message of one's own gets anywhere.
    for topic_of_others in (other_topic, "muster/device/+/hint", "#", "$SYS/#"):
        listener.subscribe(topic_of_others)
    listener.client.publish(other_topic, b'{"look":"forged"}', qos=1)
    listener.client.publish(topic, b'{"look":"forged"}', qos=1)
    order(admin, other.id)
    assert witness.heard() == b'{"look":"commands"}'
    assert (listener.heard(0.3), witness.heard(0)) == (None, None)

    strangers = [
        Listener(broker.port, "anybody", None),
        Listener(broker.port, name, "not the password"),
        Listener(broker.port, name, other_password),
    ]
    assert [one.connect() for one in strangers] == ["Not authorized"] * 3
    for one in strangers:
        one.close()

    wipe(admin, approver, mine)
    (command,) = [one for one in mine.check_in().get_json()["commands"] if one["kind"] == "wipe"]
    mine.check_in(results=[{"command_id": command["id"], "outcome": "done"}])
    broker.reload(house)
    assert listener.lost.wait(PATIENCE)
    assert name not in broker.passwords.read_text()
    assert mine.agent("POST", "/agent/v1/hints/mqtt").status_code == 403
    assert not witness.lost.is_set()
    listener.close()
    witness.close()


def order(admin: Console, device_id: UUID | None) -> None:
    body = {"kind": "refresh", "reason": "look at the news"}
    assert admin.post(f"/admin/v1/devices/{device_id}/commands", body).status_code == 201
