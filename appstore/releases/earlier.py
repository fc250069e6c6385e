"""What the store has of an app already, whatever its kind: the facts behind every judge's past."""

from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import APPROVED
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NONE: Final = UUID(int=0)


def app_of(uow: UnitOfWork, package: str, *, lock: bool) -> App | None:
    """Return the app of a package, if there is one; `lock` makes its other releases wait."""
    query = select(App).where(App.package == package)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.scalar(query)


def last_approved(uow: UnitOfWork, app_id: UUID, *, below: int | None = None) -> Release | None:
    """Return the highest release that was approved, or the highest below a version code."""
    query = select(Release).where(Release.app_id == app_id, Release.state.in_(APPROVED))
    if below is not None:
        query = query.where(Release.version_code < below)
    return uow.session.scalar(query.order_by(Release.version_code.desc()).limit(1))


def in_review(uow: UnitOfWork, app_id: UUID, but: UUID) -> frozenset[int]:
    """Return the version codes that wait for a second person, one release left out."""
    query = select(Release.version_code).where(
        Release.app_id == app_id, Release.state == "needs_review", Release.id != but
    )
    return frozenset(uow.session.scalars(query))


def retired(uow: UnitOfWork, sha256: str, but: UUID) -> bool:
    """Whether this content was retired or blocked before."""
    same = exists().where(
        Release.sha256 == sha256, Release.state.in_(("retired", "blocked")), Release.id != but
    )
    return bool(uow.session.scalar(select(same)))


def owns(uow: UnitOfWork, actor: Actor, app: App) -> bool:
    """Whether the actor is a publisher of the app's unit: the same policy as for publishing."""
    unit = uow.kernel.people.unit(app.unit_id)
    target = Target("Release", "new", {"package": app.package}, unit.path)
    return guard.may(uow, actor, "app.release.publish", target)
