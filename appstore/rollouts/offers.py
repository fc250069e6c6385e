"""What the rings offer a terminal: one statement, for the resolver to judge."""

from uuid import UUID

from sqlalchemy import and_, select

from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import Offer, view
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork

_OFFERS = (
    select(
        App.package,
        Release.version_code,
        Release.sha256,
        Release.size,
        Release.signer,
        Release.salt,
        Rollout.percent,
        Rollout.mode,
        Rollout.state == "halted",
        InstallReport.installed_code,
        App.visibility,
    )
    .join(Release, Release.id == Rollout.release_id)
    .join(App, App.id == Release.app_id)
    .join(GroupMember, GroupMember.group_id == Rollout.group_id)
    .outerjoin(
        InstallReport,
        and_(
            InstallReport.device_id == GroupMember.device_id,
            InstallReport.package == App.package,
        ),
    )
    .where(Release.state.in_(OFFERED))
)


def offers_to(uow: UnitOfWork, device_id: UUID) -> list[Offer]:
    """Return every offer of the rings a terminal is in, whether it reaches it or not."""
    rows = uow.session.execute(_OFFERS.where(GroupMember.device_id == device_id))
    return [Offer(*row) for row in rows]


def view_of(uow: UnitOfWork, device_id: UUID) -> list[Offer]:
    """Return the releases a terminal may see now."""
    return view(device_id, offers_to(uow, device_id))
