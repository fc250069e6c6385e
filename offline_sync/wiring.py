"""The answers of offline sync: its finisher, its part of the access schema, its news and jobs."""

from datetime import timedelta

from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity import (
    HOLDINGS,
    OfficerChanged,
    OfficerReinstated,
    OfficerSuspended,
    PostureChanged,
    UnitsChanged,
)
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.policies import AccessPolicyPublished
from muster.kernel.ports import Ports
from muster.kernel.uow import FINISHERS
from offline_sync.access import FRAGMENT as DOORS
from offline_sync.conflicts.access import FRAGMENT as CONFLICTS
from offline_sync.feed import finish
from offline_sync.jobs import PURGE, purge
from offline_sync.leavers import UnsentWork
from offline_sync.quarantine.access import FRAGMENT as QUARANTINE
from offline_sync.scopes import news

_NEWS = (
    Subscriber(AccessPolicyPublished, news.policies_published),
    Subscriber(OfficerChanged, news.officer_changed),
    Subscriber(OfficerReinstated, news.officer_changed),
    Subscriber(OfficerSuspended, news.officer_suspended),
    Subscriber(PostureChanged, news.posture_changed),
    Subscriber(UnitsChanged, news.units_changed),
)


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for fragment in (DOORS, CONFLICTS, QUARANTINE):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(FINISHERS, "offline_sync", finish)
    ports.answer(HOLDINGS, "unsent work", UnsentWork())
    for subscriber in _NEWS:
        ports.answer(SUBSCRIBERS, f"{subscriber.event.name}:offline_sync", subscriber)
    ports.answer(HANDLERS, PURGE, purge)
    ports.answer(SCHEDULES, PURGE, Schedule(timedelta(hours=1), PURGE))
