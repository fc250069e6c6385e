"""How a rollout does: how many terminals it reaches, how many have it, where it failed."""

from dataclasses import dataclass

from sqlalchemy import and_, select

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


def health(uow: UnitOfWork, rollout: Rollout, release: Release) -> Health:
    """Count a ring in one statement; its buckets are drawn here."""
    report = and_(
        InstallReport.device_id == GroupMember.device_id,
        InstallReport.package == release.package,
    )
    members = (
        select(
            GroupMember.device_id,
            InstallReport.installed_code,
            InstallReport.version_code,
            InstallReport.state,
        )
        .join(Device, Device.id == GroupMember.device_id)
        .outerjoin(InstallReport, report)
        .where(GroupMember.group_id == rollout.group_id, Device.state.in_(("enrolled", "lost")))
    )
    rows = uow.session.execute(members).all()
    mine = [row for row in rows if reached(release.salt, row.device_id, rollout.percent)]
    code = release.version_code
    return Health(
        ring=len(rows),
        targeted=len(mine),
        installed=sum((row.installed_code or 0) >= code for row in mine),
        failed=sum(row.state == "failed" and row.version_code == code for row in mine),
    )
