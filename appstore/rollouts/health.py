"""How a rollout does: how many terminals it reaches, how many have it, where it failed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select

from appstore.releases.models import Release
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import reached
from mdm.groups import GroupMember
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Health:
    """Counts of terminals in service: in the ring, reached by the percentage, and their reports.

    `installed` counts this version or a higher one; `failed` this very version's last word.
    """

    ring: int = 0
    targeted: int = 0
    installed: int = 0
    failed: int = 0

    def __add__(self, other: "Health") -> "Health":
        """Return the counts of both."""
        return Health(
            self.ring + other.ring,
            self.targeted + other.targeted,
            self.installed + other.installed,
            self.failed + other.failed,
        )


_WHOLE: Final = 100
_INSTALLED: Final = InstallReport.installed_code >= Release.version_code
_FAILED: Final = and_(
    InstallReport.state == "failed", InstallReport.version_code == Release.version_code
)


def health(uow: UnitOfWork, rollout: Rollout, release: Release) -> Health:
    """Count one ring."""
    return _counted(uow, Rollout.id == rollout.id).get(release.id, Health())


def health_of(uow: UnitOfWork, release_ids: Collection[UUID]) -> dict[UUID, Health]:
    """Add up the rings of each of these releases, in two statements; who has none is left out."""
    return _counted(uow, Rollout.release_id.in_(release_ids))


def _counted(uow: UnitOfWork, which: ColumnElement[bool]) -> dict[UUID, Health]:
    """Let the database count whole rings; the buckets of the others are drawn here."""
    found: dict[UUID, Health] = {}
    whole = _lines(Release.id, func.count(), func.count(), _sum(_INSTALLED), _sum(_FAILED))
    for release_id, *counts in uow.session.execute(
        whole.where(which, Rollout.percent == _WHOLE).group_by(Release.id)
    ):
        found[release_id] = Health(*counts)
    part = _lines(
        Release.id,
        Release.salt,
        Rollout.percent,
        GroupMember.device_id,
        func.coalesce(_INSTALLED, false()),
        func.coalesce(_FAILED, false()),
    )
    for release_id, salt, percent, device_id, installed, failed in uow.session.execute(
        part.where(which, Rollout.percent < _WHOLE)
    ):
        mine = reached(salt, device_id, percent)
        one = Health(1, mine, mine and installed, mine and failed)
        found[release_id] = found.get(release_id, Health()) + one
    return found


def _lines(*columns: Any) -> Select[Any]:
    """Return the query for each terminal in service of each ring."""
    return (
        select(*columns)
        .select_from(Rollout)
        .join(Release, Release.id == Rollout.release_id)
        .join(GroupMember, GroupMember.group_id == Rollout.group_id)
        .join(Device, Device.id == GroupMember.device_id)
        .outerjoin(
            InstallReport,
            and_(
                InstallReport.device_id == GroupMember.device_id,
                InstallReport.package == Release.package,
            ),
        )
        .where(Device.state.in_(("enrolled", "lost")))
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
