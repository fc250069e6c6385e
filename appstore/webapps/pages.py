"""What a terminal is told of a web app."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.releases.models import Release
from appstore.webapps.models import WebPage
from muster.kernel.uow import UnitOfWork

_PICTURES: Final = "/appstore/v1/pictures"
_DOWNLOADS: Final = "/appstore/v1/downloads"


def pages_of(uow: UnitOfWork, release_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return `{address, icon, scopes, bundle}` of each of these releases that is a web app's.

    `icon` is `{sha256, url}`. `bundle` is `{sha256, size, url}`, a zip of static files with an
    `index.html`, and is left out where a release has none. Addresses of ours are paths.
    """
    if not release_ids:
        return {}
    query = (
        select(WebPage, Release.sha256, Release.size)
        .join(Release, Release.id == WebPage.release_id)
        .where(WebPage.release_id.in_(release_ids))
    )
    return {
        page.release_id: {
            "address": page.address,
            "icon": {"sha256": page.icon_sha256, "url": f"{_PICTURES}/{page.icon_sha256}"},
            "scopes": page.scopes,
            **_bundle(sha256, size),
        }
        for page, sha256, size in uow.session.execute(query)
    }


def _bundle(sha256: str, size: int) -> dict[str, Any]:
    if not size:
        return {}
    return {"bundle": {"sha256": sha256, "size": size, "url": f"{_DOWNLOADS}/{sha256}"}}
