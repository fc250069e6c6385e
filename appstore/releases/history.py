"""What the store knows of a package when a release of it comes in or is to be approved."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, select

from appstore.apk import ApkFacts
from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import APPROVED
from appstore.vetting.rules import Past
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NONE: Final = UUID(int=0)


@dataclass(frozen=True)
class History:
    """The app, if the store has it, and its past as the rules see it."""

    app: App | None
    past: Past


def history(
    uow: UnitOfWork,
    actor: Actor,
    facts: ApkFacts,
    *,
    lock: bool = False,
    but: UUID = NONE,
) -> History:
    """Return the past of a package for a release that `actor` brings.

    `lock` makes other releases of the app wait; `but` leaves out the release that is judged.
    """
    query = select(App).where(App.package == facts.package)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    app = uow.session.scalar(query)
    retired = _retired(uow, facts.sha256, but)
    if app is None:
        return History(None, Past(retired=retired))
    last = _last_approved(uow, app.id)
    past = Past(
        pins=tuple(app.signers),
        owned=_owns(uow, actor, app),
        highest=last.version_code if last else 0,
        in_review=_in_review(uow, app.id, but),
        retired=retired,
        previous=ApkFacts.from_dict(last.facts) if last else None,
    )
    return History(app, past)


def before(uow: UnitOfWork, release: Release) -> ApkFacts | None:
    """Return the facts of the newest approved release below this one, if there is one."""
    if release.app_id is None:
        return None
    query = _approved(release.app_id).where(Release.version_code < release.version_code)
    last = uow.session.scalar(query)
    return ApkFacts.from_dict(last.facts) if last else None


def _approved(app_id: UUID) -> Select[Release]:
    return (
        select(Release)
        .where(Release.app_id == app_id, Release.state.in_(APPROVED))
        .order_by(Release.version_code.desc())
        .limit(1)
    )


def _last_approved(uow: UnitOfWork, app_id: UUID) -> Release | None:
    return uow.session.scalar(_approved(app_id))


def _in_review(uow: UnitOfWork, app_id: UUID, but: UUID) -> frozenset[int]:
    query = select(Release.version_code).where(
        Release.app_id == app_id, Release.state == "needs_review", Release.id != but
    )
    return frozenset(uow.session.scalars(query))


def _retired(uow: UnitOfWork, sha256: str, but: UUID) -> bool:
    same = exists().where(
        Release.sha256 == sha256, Release.state.in_(("retired", "blocked")), Release.id != but
    )
    return bool(uow.session.scalar(select(same)))


def _owns(uow: UnitOfWork, actor: Actor, app: App) -> bool:
    """Whether the actor is a publisher of the app's unit: the same policy as for publishing."""
    unit = uow.kernel.people.unit(app.unit_id)
    return guard.may(uow, actor, "app.release.publish", Target("Release", "new", unit=unit.path))
