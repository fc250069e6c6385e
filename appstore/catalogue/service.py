"""What people do with the catalogue: list the apps, look at one, describe it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from appstore.catalogue.lookup import find, target
from appstore.catalogue.models import App
from appstore.releases.models import Release
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

_SHOWN = 50


@dataclass(frozen=True)
class Listed:
    """An app and its newest release."""

    app: App
    newest: Release | None


@dataclass(frozen=True)
class Described:
    """An app and its newest releases, at most fifty."""

    app: App
    releases: Sequence[Release]


def listing(
    uow: UnitOfWork, actor: Actor, *, after: str | None = None, limit: int = 50
) -> list[Listed]:
    """Return up to `limit + 1` apps in the order of their packages, beyond `after`."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    newest = (
        select(Release.id)
        .where(Release.app_id == App.id)
        .order_by(Release.id.desc())
        .limit(1)
        .correlate(App)
        .scalar_subquery()
    )
    query = (
        select(App, Release)
        .outerjoin(Release, Release.id == newest)
        .order_by(App.package)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(App.package > after)
    return [Listed(app, release) for app, release in uow.session.execute(query)]


def read(uow: UnitOfWork, actor: Actor, package: str) -> Described:
    """Return one app with its releases, newest first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = find(uow, package)
    query = select(Release).where(Release.app_id == app.id).order_by(Release.id.desc())
    return Described(app, uow.session.scalars(query.limit(_SHOWN)).all())


def edit(
    uow: UnitOfWork, actor: Actor, package: str, changes: Mapping[str, Any], version: int
) -> App:
    """Change category or visibility; `version` is the one read."""
    app = find(uow, package)
    decision = guard.require(uow, actor, "app.catalogue.edit", target(uow, app))
    if app.version != version:
        raise StaleVersion
    for name in ("category", "visibility"):
        if name in changes:
            setattr(app, name, changes[name])
    uow.session.flush()
    decision.note(**changes)
    return app
