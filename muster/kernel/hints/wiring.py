"""Which carriers this house has, by its settings."""

from datetime import timedelta

from muster.kernel.hints.carriers import CARRIERS, InProcess
from muster.kernel.hints.follow_up import follow_up
from muster.kernel.hints.mqtt import MqttCarrier
from muster.kernel.hints.service import SPREAD, spread
from muster.kernel.hints.telling import CARRY, FOLLOW_UP, carry
from muster.kernel.jobs import HANDLERS, every
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings


def wire(ports: Ports, settings: Settings) -> None:
    """Answer for this room: the bus always, MQTT and FCM where they are set up.

    Raises `SettingsError`: MUSTER_MQTT_URL or MUSTER_FCM_CREDENTIALS cannot be used.
    """
    ports.answer(HANDLERS, CARRY, carry)
    ports.answer(HANDLERS, SPREAD, spread)
    every(ports, timedelta(seconds=30), FOLLOW_UP, follow_up)
    ports.answer(CARRIERS, "stream", InProcess())
    ports.answer(CARRIERS, "long_poll", InProcess())
    if settings.mqtt_url:
        ports.answer(CARRIERS, "mqtt", MqttCarrier(settings.mqtt_url))
    if settings.fcm_credentials:
        from muster.kernel.hints.fcm import NAME, FcmCarrier

        ports.answer(CARRIERS, NAME, FcmCarrier(settings.fcm_credentials, settings.fcm_endpoint))
