"""The console's answers: news about terminals wakes the pages that show them."""

from typing import Any

from admin_ui import streams
from mdm.commands import CommandFinished, CommandQueued
from mdm.devices import DeviceEnrolled, DeviceFound, DeviceLost, DeviceRetired, DeviceWiped
from muster.kernel.events import SUBSCRIBERS, Event, Subscriber
from muster.kernel.identity import PostureChanged
from muster.kernel.ports import Ports
from muster.kernel.uow import UnitOfWork

_NEWS: tuple[type[Event], ...] = (
    CommandFinished,
    CommandQueued,
    DeviceEnrolled,
    DeviceFound,
    DeviceLost,
    DeviceRetired,
    DeviceWiped,
    PostureChanged,
)


def wire(ports: Ports) -> None:
    """Listen to what the pages of terminals show."""
    for event in _NEWS:
        ports.answer(SUBSCRIBERS, f"{event.name}:admin_ui", Subscriber(event, _wake))


def _wake(uow: UnitOfWork, event: Any) -> None:
    def publish() -> None:
        for topic in (streams.topic(event.device_id), streams.FLEET):
            uow.kernel.bus.publish(topic, b"{}")

    uow.after_commit(publish)
