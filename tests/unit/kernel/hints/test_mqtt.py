"""Hints reach a terminal through a real broker."""

import os
import threading
from queue import Queue
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from muster.kernel.hints import HintNotCarried, MqttCarrier

pytestmark = pytest.mark.needs("mosquitto")

BROKER = os.environ.get("MUSTER_TEST_MQTT_URL", "mqtt://127.0.0.1:1883")
PATIENCE = 10  # seconds until a test gives up


class Terminal:
    """A terminal's MQTT client, with the persistent session of one that was seen before."""

    def __init__(self, device_id) -> None:
        self.name = str(device_id)
        self.topic = f"muster/device/{device_id}/hint"
        self.received: Queue = Queue()

    def connect(self) -> None:
        subscribed, place = threading.Event(), urlsplit(BROKER)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.name, clean_session=False
        )
        self.client.on_message = lambda _c, _u, message: self.received.put(message)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect(place.hostname, place.port)
        self.client.subscribe(self.topic, qos=1)
        self.client.loop_start()
        assert subscribed.wait(PATIENCE)

    def disconnect(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def device_id():
    return uuid4()


@pytest.fixture
def terminal(device_id):
    terminal = Terminal(device_id)
    terminal.connect()
    yield terminal
    terminal.disconnect()


@pytest.fixture
def carrier():
    carrier = MqttCarrier(BROKER)
    yield carrier
    carrier.close()


def test_a_connected_terminal_is_told_to_look(carrier, terminal, device_id):
    carrier.carry(None, device_id, "commands")
    hint = terminal.received.get(timeout=PATIENCE)
    assert (hint.payload, hint.qos, hint.retain) == (b'{"look":"commands"}', 1, False)


def test_another_terminals_hint_is_not_heard(carrier, terminal, device_id):
    carrier.carry(None, uuid4(), "commands")
    carrier.carry(None, device_id, "sync")
    assert terminal.received.get(timeout=PATIENCE).payload == b'{"look":"sync"}'


def test_a_terminal_that_was_away_is_told_when_it_returns(carrier, terminal, device_id):
    terminal.disconnect()
    witness = Terminal(uuid4())
    witness.topic = terminal.topic
    witness.connect()
    carrier.carry(None, device_id, "commands")
    witness.received.get(timeout=PATIENCE)  # the broker has it
    witness.disconnect()
    terminal.connect()
    assert terminal.received.get(timeout=PATIENCE).payload == b'{"look":"commands"}'


def test_hints_wait_while_the_broker_is_away_but_not_without_bound(monkeypatch):
    monkeypatch.setattr("muster.kernel.hints.mqtt.QUEUE", 3)
    carrier = MqttCarrier("mqtt://127.0.0.1:9")
    for _ in range(3):
        carrier.carry(None, uuid4(), "commands")
    with pytest.raises(HintNotCarried):
        carrier.carry(None, uuid4(), "commands")
    carrier.close()
