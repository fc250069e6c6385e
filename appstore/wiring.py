"""The package's answers: access fragments, the apps section, the upload target, jobs."""

from datetime import timedelta

from appstore.catalogue.access import FRAGMENT as CATALOGUE
from appstore.catalogue.owners import StoreOwners
from appstore.downloads.access import FRAGMENT as DOWNLOADS
from appstore.releases import jobs, tus
from appstore.releases.access import FRAGMENT as RELEASES
from appstore.releases.leavers import OwnedApps
from appstore.releases.review import PUBLISH, PublishExecutor
from appstore.rollouts import AppsSection
from appstore.rollouts.access import FRAGMENT as ROLLOUTS
from mdm.configuration import SECTIONS
from mdm.telemetry import APP_OWNERS
from muster.kernel.approvals import EXECUTORS
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity import HOLDINGS
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.ports import Ports
from muster.kernel.uploads import TARGETS


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for fragment in (CATALOGUE, RELEASES, ROLLOUTS, DOWNLOADS):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(HOLDINGS, "apps", OwnedApps())
    ports.answer(APP_OWNERS, "store", StoreOwners())
    ports.answer(SECTIONS, "apps", AppsSection())
    ports.answer(EXECUTORS, PUBLISH, PublishExecutor())
    ports.answer(TARGETS, tus.TARGET.name, tus.TARGET)
    ports.answer(HANDLERS, tus.SCAN, jobs.scan)
    ports.answer(HANDLERS, jobs.TIDY, jobs.tidy_spool)
    ports.answer(SCHEDULES, jobs.TIDY, Schedule(timedelta(hours=1), jobs.TIDY))
