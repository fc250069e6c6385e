"""The counts behind insight: one statement each, over all terminals in service or the whole force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from appstore.feedback.models import Fault, Rating
from appstore.feedback.states import STANDING
from appstore.insight.models import Adoption
from appstore.releases.models import Release
from appstore.rollouts.models import InstallReport
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork

IN_SERVICE: Final = ("enrolled", "lost")
DAYS: Final = timedelta(days=30)
_MOST_REASONS: Final = 20
_MOST_RELEASES: Final = 30


@dataclass(frozen=True)
class Failure:
    """Why a version could not be installed, in the terminals' own words, and on how many."""

    version_code: int | None
    detail: str
    terminals: int


@dataclass(frozen=True)
class Day:
    """How many terminals had which version of the app at the end of a day."""

    day: date
    by_version: dict[int, int]

    @property
    def terminals(self) -> int:
        """All that had the app."""
        return sum(self.by_version.values())


def installed(uow: UnitOfWork, package: str) -> dict[int, int]:
    """Return by version code on how many terminals in service it is."""
    query = (
        select(InstallReport.installed_code, func.count())
        .join(Device, Device.id == InstallReport.device_id)
        .where(
            InstallReport.package == package,
            InstallReport.installed_code.is_not(None),
            Device.state.in_(IN_SERVICE),
        )
        .group_by(InstallReport.installed_code)
    )
    return {code or 0: count for code, count in uow.session.execute(query)}


def failures(uow: UnitOfWork, package: str) -> list[Failure]:
    """Return why installations failed, the reason of most terminals first."""
    terminals = func.count()
    query = (
        select(InstallReport.version_code, InstallReport.detail, terminals)
        .join(Device, Device.id == InstallReport.device_id)
        .where(
            InstallReport.package == package,
            InstallReport.state == "failed",
            Device.state.in_(IN_SERVICE),
        )
        .group_by(InstallReport.version_code, InstallReport.detail)
        .order_by(terminals.desc(), InstallReport.version_code.desc(), InstallReport.detail)
        .limit(_MOST_REASONS)
    )
    return [Failure(*row) for row in uow.session.execute(query)]


def stars(uow: UnitOfWork, app_id: UUID) -> dict[int, dict[int, int]]:
    """Return by version code how many ratings gave how many stars; 0: no version was named."""
    query = (
        select(Rating.version_code, Rating.stars, func.count())
        .where(Rating.app_id == app_id)
        .group_by(Rating.version_code, Rating.stars)
    )
    found: dict[int, dict[int, int]] = {}
    for code, given, count in uow.session.execute(query):
        found.setdefault(code or 0, {})[given] = count
    return found


def open_faults(uow: UnitOfWork, app_id: UUID) -> dict[int, int]:
    """Return by version code how many reported faults wait; 0: no version was named."""
    query = (
        select(Fault.version_code, func.count())
        .where(Fault.app_id == app_id, Fault.state.in_(STANDING))
        .group_by(Fault.version_code)
    )
    return {code or 0: count for code, count in uow.session.execute(query)}


def releases(uow: UnitOfWork, app_id: UUID) -> dict[int, str]:
    """Return the names of an app's newest releases by version code."""
    query = (
        select(Release.version_code, Release.version_name)
        .where(Release.app_id == app_id, Release.state != "rejected")
        .order_by(Release.version_code.desc())
        .limit(_MOST_RELEASES)
    )
    return dict(uow.session.execute(query).all())


def history(uow: UnitOfWork, app_id: UUID) -> Sequence[Day]:
    """Return the last thirty days that were counted, the oldest first."""
    query = (
        select(Adoption.day, Adoption.version_code, Adoption.terminals)
        .where(Adoption.app_id == app_id, Adoption.day > (uow.now() - DAYS).date())
        .order_by(Adoption.day)
    )
    found: dict[date, dict[int, int]] = {}
    for day, code, terminals in uow.session.execute(query):
        found.setdefault(day, {})[code] = terminals
    return [Day(day, by_version) for day, by_version in found.items()]
