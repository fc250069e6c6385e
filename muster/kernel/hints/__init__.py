"""Hints: "come and look", told to a terminal after a commit, never with content.

Start at `send`. A hint may be lost, doubled or late: what it points at waits in the database, and
a terminal that only polls must work as well. Each terminal is told by the best carrier that can
reach it; if it does not come, by the next. mdm and offline_sync import this room.
"""

from muster.kernel.hints.addresses import HintAddress, forget_address, set_address
from muster.kernel.hints.carriers import CARRIERS, Carrier, InProcess, topic
from muster.kernel.hints.errors import CarrierAbsent, HintDelayed, HintNotCarried, HintRefused
from muster.kernel.hints.follow_up import follow_up
from muster.kernel.hints.health import carriers
from muster.kernel.hints.models import HintCarrier, HintState
from muster.kernel.hints.mqtt import MqttCarrier
from muster.kernel.hints.mqtt_access import issue, password_file, topic_of
from muster.kernel.hints.reach import ORDER, WISHES, Reach, Wish, reach
from muster.kernel.hints.service import send, send_many
from muster.kernel.hints.telling import PATIENCE
from muster.kernel.hints.waiting import listens, take_waiting
from muster.kernel.hints.wiring import wire

__all__ = [
    "CARRIERS",
    "ORDER",
    "PATIENCE",
    "WISHES",
    "Carrier",
    "CarrierAbsent",
    "HintAddress",
    "HintCarrier",
    "HintDelayed",
    "HintNotCarried",
    "HintRefused",
    "HintState",
    "InProcess",
    "MqttCarrier",
    "Reach",
    "Wish",
    "carriers",
    "follow_up",
    "forget_address",
    "issue",
    "listens",
    "password_file",
    "reach",
    "send",
    "send_many",
    "set_address",
    "take_waiting",
    "topic",
    "topic_of",
    "wire",
]
