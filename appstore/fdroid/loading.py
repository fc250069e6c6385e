"""From the releases of a view to all that is told of them: a few statements for any number."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from appstore.catalogue.models import App
from appstore.fdroid.index_v2 import FORMAT, metadata
from appstore.fdroid.sheet import Package, Version
from appstore.fdroid.stamps import milliseconds
from appstore.fdroid.texts import Own, whats_new, words_of
from appstore.releases.models import Release
from muster.kernel.blobs import Blob
from muster.kernel.uow import UnitOfWork


def packages_of(uow: UnitOfWork, shown: Mapping[UUID, bool]) -> list[Package]:
    """Return the packages of these releases, in their order; the flag is "shown as vulnerable"."""
    if not shown:
        return []
    news = whats_new(uow, shown)
    query = (
        select(
            Release.app_id,
            Release.id,
            Release.version_code,
            Release.version_name,
            Release.sha256,
            Release.size,
            Release.signer,
            Release.created_at,
            Release.facts,
            Blob.sha256,
            Blob.size,
            Blob.media_type,
        )
        .outerjoin(Blob, Blob.id == Release.icon_id)
        .where(Release.id.in_(shown))
        .order_by(Release.version_code.desc(), Release.id)
    )
    versions: dict[UUID, list[Version]] = {}
    newest: dict[UUID, Own] = {}
    for app_id, *rest in uow.session.execute(query):
        release_id, code, name, sha256, size, signer, created_at, facts, *icon = rest
        drawn = dict(zip(("sha256", "size", "media_type"), icon, strict=True)) if icon[0] else None
        newest.setdefault(app_id, Own(facts.get("labels", {}), drawn))
        version = Version(
            release_id,
            code,
            name,
            sha256,
            size,
            signer,
            milliseconds(created_at),
            facts,
            news.get(release_id, {}),
            shown[release_id],
        )
        versions.setdefault(app_id, []).append(version)
    apps = uow.session.scalars(select(App).where(App.id.in_(versions)).order_by(App.package)).all()
    words = words_of(uow, apps, newest)
    return [
        Package(
            app.package,
            words[app.id],
            app.category,
            app.signers[-1] if app.signers else versions[app.id][0].signer,
            versions[app.id],
        )
        for app in apps
    ]


def content_of(packages: Iterable[Package]) -> dict[str, Any]:
    """Return what a snapshot remembers of a view; see `FdroidSnapshot`."""
    return {
        one.package: [
            texts_of(one),
            sorted([str(version.release_id), int(version.vulnerable)] for version in one.versions),
        ]
        for one in packages
    }


def texts_of(one: Package) -> str:
    """Return a hash of all that is told of a package beyond which releases it has."""
    news = sorted((str(version.release_id), version.whats_new) for version in one.versions)
    said = [FORMAT, metadata(one), news]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:32]
