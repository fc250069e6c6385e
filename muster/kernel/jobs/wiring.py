"""The kernel's own jobs: delivering events and forgetting what is finished."""

from datetime import timedelta

from muster.kernel.jobs.delivery import DELIVER, deliver
from muster.kernel.jobs.ports import HANDLERS, SCHEDULES, Schedule
from muster.kernel.jobs.purge import PURGE, purge
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for this room; without it no event is delivered."""
    ports.answer(HANDLERS, DELIVER, deliver)
    ports.answer(HANDLERS, PURGE, purge)
    ports.answer(SCHEDULES, PURGE, Schedule(timedelta(hours=6), PURGE))
