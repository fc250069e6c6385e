"""The room's answers: its access rules, its jobs and their times, and its sync collection."""

from mobile_api.addresses import AddressBookBuilt
from mobile_api.imports import ImportInForce
from mobile_api.packages import jobs
from mobile_api.packages.access import FRAGMENT
from mobile_api.packages.collection import PackageCollection
from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.ports import Ports
from offline_sync import COLLECTIONS


def wire(ports: Ports) -> None:
    """Answer for this room."""
    ports.answer(FRAGMENTS, FRAGMENT.name, FRAGMENT)
    ports.answer(HANDLERS, jobs.BUILD, jobs.run)
    ports.answer(HANDLERS, jobs.RENEW, jobs.renew)
    ports.answer(SCHEDULES, jobs.RENEW, Schedule(jobs.RENEWED_EVERY, jobs.RENEW))
    wanted = Subscriber(ImportInForce, jobs.hot_list_changed)
    ports.answer(SUBSCRIBERS, f"{ImportInForce.name}:packages", wanted)
    built = Subscriber(AddressBookBuilt, jobs.addresses_changed)
    ports.answer(SUBSCRIBERS, f"{AddressBookBuilt.name}:packages", built)
    ports.answer(COLLECTIONS, "packages", PackageCollection())
