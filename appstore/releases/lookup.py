"""Finding releases, and naming them to the guard; nothing is decided here."""

from uuid import UUID

from sqlalchemy import select

from appstore.releases.errors import ReleaseNotFound
from appstore.releases.models import Release
from muster.kernel.guard import Target
from muster.kernel.uow import UnitOfWork


def find(uow: UnitOfWork, release_id: UUID, *, lock: bool = False) -> Release:
    """Return one release or raise `ReleaseNotFound`; `lock` makes its other movers wait."""
    query = select(Release).where(Release.id == release_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    release = uow.session.scalar(query)
    if release is None:
        raise ReleaseNotFound
    return release


def target(uow: UnitOfWork, release: Release) -> Target:
    """Return a release as the guard sees it."""
    unit = uow.kernel.people.unit(release.unit_id)
    return Target("Release", str(release.id), {"package": release.package}, unit.path)


def link(release: Release) -> str:
    """Return the console's page of a release."""
    return f"/console/releases/{release.id}"
