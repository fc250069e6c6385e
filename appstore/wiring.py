"""The package's answers: what the guard, the worker, mdm and the uploads ask of its rooms."""

from datetime import timedelta
from typing import Any, Final

from appstore.assignments import news as assignments
from appstore.assignments.access import FRAGMENT as ASSIGNMENTS
from appstore.catalogue.access import FRAGMENT as CATALOGUE
from appstore.catalogue.owners import StoreOwners
from appstore.downloads.access import FRAGMENT as DOWNLOADS
from appstore.fdroid import accesses, stamps
from appstore.fdroid.access import FRAGMENT as FDROID
from appstore.feedback.access import FRAGMENT as FEEDBACK
from appstore.files import jobs as file_jobs
from appstore.files import review as file_review
from appstore.files import tus as file_tus
from appstore.files.access import FRAGMENT as FILES
from appstore.files.section import FilesSection
from appstore.insight import snapshots
from appstore.insight.access import FRAGMENT as INSIGHT
from appstore.installs.access import FRAGMENT as INSTALLS
from appstore.listings import tus as pictures
from appstore.listings.access import FRAGMENT as LISTINGS
from appstore.managed_configs import following
from appstore.managed_configs.access import FRAGMENT as MANAGED_CONFIGS
from appstore.publishers.access import FRAGMENT as PUBLISHERS
from appstore.publishers.claims import RESERVE, ReserveExecutor
from appstore.publishers.transfer import TRANSFER, TransferExecutor
from appstore.releases import jobs, tus, waiting
from appstore.releases.access import FRAGMENT as RELEASES
from appstore.releases.leavers import OwnedApps
from appstore.releases.review import PUBLISH, PublishExecutor
from appstore.reviews import jobs as reviews
from appstore.reviews.access import FRAGMENT as REVIEWS
from appstore.rollbacks.access import FRAGMENT as ROLLBACKS
from appstore.rollbacks.reinstalls import REINSTALL, ReinstallExecutor
from appstore.rollouts import AppsSection, watching
from appstore.rollouts.access import FRAGMENT as ROLLOUTS
from appstore.tracks.access import FRAGMENT as TRACKS
from appstore.tracks.promoting import EARLY, PromoteExecutor
from appstore.waivers.access import FRAGMENT as WAIVERS
from appstore.webapps import tus as bundles
from mdm.configuration import SECTIONS
from mdm.telemetry import APP_OWNERS
from muster.kernel.approvals import EXECUTORS
from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity import DEVICE_PATHS, HOLDINGS
from muster.kernel.jobs import HANDLERS, every
from muster.kernel.ports import Ports
from muster.kernel.uploads import TARGETS

_FRAGMENTS: Final = (
    CATALOGUE,
    PUBLISHERS,
    WAIVERS,
    LISTINGS,
    RELEASES,
    REVIEWS,
    TRACKS,
    ASSIGNMENTS,
    ROLLOUTS,
    ROLLBACKS,
    DOWNLOADS,
    INSTALLS,
    FDROID,
    MANAGED_CONFIGS,
    FEEDBACK,
    INSIGHT,
    FILES,
)
_SUBSCRIBERS: Final[tuple[Subscriber[Any], ...]] = (
    *assignments.SUBSCRIBERS,
    *following.SUBSCRIBERS,
)


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for fragment in _FRAGMENTS:
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(HOLDINGS, "apps", OwnedApps())
    ports.answer(APP_OWNERS, "store", StoreOwners())
    ports.answer(SECTIONS, "apps", AppsSection())
    ports.answer(SECTIONS, "files", FilesSection())
    ports.answer(DEVICE_PATHS, accesses.SURFACE, accesses.holder)
    ports.answer(EXECUTORS, RESERVE, ReserveExecutor())
    ports.answer(EXECUTORS, TRANSFER, TransferExecutor())
    ports.answer(EXECUTORS, PUBLISH, PublishExecutor())
    ports.answer(EXECUTORS, EARLY, PromoteExecutor())
    ports.answer(EXECUTORS, REINSTALL, ReinstallExecutor())
    ports.answer(EXECUTORS, file_review.PUBLISH, file_review.PublishFileExecutor())
    for target in (tus.TARGET, pictures.TARGET, bundles.TARGET, file_tus.TARGET):
        ports.answer(TARGETS, target.name, target)
    for subscriber in _SUBSCRIBERS:
        ports.answer(SUBSCRIBERS, f"{subscriber.event.name}:appstore", subscriber)
    _wire_work(ports)


def _wire_work(ports: Ports) -> None:
    """Answer for what the worker does when asked, and by the clock."""
    ports.answer(HANDLERS, waiting.SCAN, jobs.scan)
    ports.answer(HANDLERS, bundles.READ, bundles.read)
    ports.answer(HANDLERS, file_tus.SCAN, file_jobs.scan)
    ports.answer(HANDLERS, watching.JUDGE, watching.judge)
    every(ports, timedelta(hours=1), jobs.TIDY, jobs.tidy_spool)
    every(ports, timedelta(minutes=5), file_jobs.EXPIRE, file_jobs.expire)
    every(ports, timedelta(days=1), stamps.FORGET, stamps.forget)
    every(ports, timedelta(minutes=1), reviews.LAPSE, reviews.lapse_overdue)
    every(ports, watching.EVERY, watching.WATCH, watching.watch)
    every(ports, assignments.DATES_EVERY, assignments.DATES, assignments.dates_passed)
    every(ports, assignments.ROLES_EVERY, assignments.ROLES, assignments.roles_by_clock)
    every(ports, snapshots.EVERY, snapshots.SNAPSHOT, snapshots.snapshot)
