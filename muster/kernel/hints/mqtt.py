"""Carries hints over an MQTT broker (OASIS MQTT 5.0) at QoS 1: one kilobyte per idle terminal.

The broker's ACL lets a terminal read its own topic only, `muster/device/<id>/hint`, and nobody
but Muster write it. A hint expires with the broker after 15 minutes: older ones say nothing new.
"""

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote, urlsplit
from uuid import UUID

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from muster.kernel.hints.carriers import message
from muster.kernel.hints.errors import HintNotCarried
from muster.kernel.settings import SettingsError

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

log = logging.getLogger(__name__)

EXPIRY = 900  # seconds the broker keeps a hint for a terminal that is away
QUEUE = 10_000  # hints kept while the broker is away; beyond that they are refused
AWAY: Final = 10.0
"""Seconds without the broker, after which hints go by the next carrier as well."""
_PORTS = {"mqtt": 1883, "mqtts": 8883}


class MqttCarrier:
    """`url` is `mqtt[s]://[user:password@]host[:port]`. Connects at the first hint, and again.

    Lazy, because workers are forked after the house is wired and a connection must not be shared.
    """

    slow = False
    finds: Literal["listener", "address"] = "address"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise SettingsError("MUSTER_MQTT_URL must be mqtt://host[:port] or mqtts://host[:port]")
        self._address = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._lock = threading.Lock()
        self._started = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        if parts.scheme == "mqtts":
            self._client.tls_set()
        if parts.username:
            self._client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        self._client.max_queued_messages_set(QUEUE)
        self._client.reconnect_delay_set(min_delay=1, max_delay=30)
        self._away_since: float | None = None
        self._client.on_connect = self._connected
        self._client.on_connect_fail = lambda *_: self._gone()
        self._client.on_disconnect = lambda *_: self._gone()
        self._client.on_publish = _on_publish
        self._properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        self._properties.MessageExpiryInterval = EXPIRY

    def carry(self, kernel: "Kernel | None", device_id: UUID, look: str) -> None:
        """Hand the hint to the client's own thread; while the broker is away it waits there.

        Raises `HintNotCarried`: the broker has been away for ten seconds (the hint waits here all
        the same), or too many hints are waiting already.
        """
        self._start()
        topic = f"muster/device/{device_id}/hint"
        told = self._client.publish(topic, message(look), qos=1, properties=self._properties)
        if told.rc not in (mqtt.MQTT_ERR_SUCCESS, mqtt.MQTT_ERR_NO_CONN):
            raise HintNotCarried(mqtt.error_string(told.rc))
        away = self._away_since
        if away is not None and time.monotonic() - away > AWAY:
            raise HintNotCarried("The MQTT broker is away, or refuses us.")

    def close(self) -> None:
        """Disconnect from the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _start(self) -> None:
        with self._lock:
            if not self._started:
                self._client.connect_async(*self._address)
                self._client.loop_start()
                self._started = True

    def _connected(
        self, client: mqtt.Client, userdata: Any, flags: Any, reason: ReasonCode, properties: Any
    ) -> None:
        if reason.is_failure:
            log.error("the MQTT broker refuses us: %s", reason)
            self._gone()
        else:
            self._away_since = None

    def _gone(self) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()


def _on_publish(
    client: mqtt.Client, userdata: Any, mid: int, reason: ReasonCode, properties: Any
) -> None:
    if reason.is_failure:
        log.error("the MQTT broker refuses a hint: %s", reason)
