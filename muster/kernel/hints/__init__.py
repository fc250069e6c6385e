"""Hints: "come and look", told to a terminal after a commit, never with content.

Start at `send`. A hint may be lost, doubled or late: what it points at waits in the database, and
a terminal that only polls must work as well. mdm and offline_sync import this room.
"""

from muster.kernel.hints.addresses import HintAddress, forget_address, set_address
from muster.kernel.hints.carriers import CARRIERS, Carrier, InProcess, topic
from muster.kernel.hints.errors import HintNotCarried
from muster.kernel.hints.mqtt import MqttCarrier
from muster.kernel.hints.service import send
from muster.kernel.hints.wiring import wire

__all__ = [
    "CARRIERS",
    "Carrier",
    "HintAddress",
    "HintNotCarried",
    "InProcess",
    "MqttCarrier",
    "forget_address",
    "send",
    "set_address",
    "topic",
    "wire",
]
