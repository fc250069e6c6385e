"""Which carriers this house has, by its settings."""

from muster.kernel.hints.carriers import CARRIERS, InProcess
from muster.kernel.hints.mqtt import MqttCarrier
from muster.kernel.hints.service import CARRY, carry
from muster.kernel.jobs import HANDLERS
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings


def wire(ports: Ports, settings: Settings) -> None:
    """Answer for this room: the bus always, MQTT and FCM where they are set up.

    Raises `SettingsError`: MUSTER_MQTT_URL or MUSTER_FCM_CREDENTIALS cannot be used.
    """
    ports.answer(HANDLERS, CARRY, carry)
    ports.answer(CARRIERS, "in_process", InProcess())
    if settings.mqtt_url:
        ports.answer(CARRIERS, "mqtt", MqttCarrier(settings.mqtt_url))
    if settings.fcm_credentials:
        from muster.kernel.hints.fcm import NAME, FcmCarrier

        ports.answer(CARRIERS, NAME, FcmCarrier(settings.fcm_credentials, settings.fcm_endpoint))
