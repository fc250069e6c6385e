"""One app: whose it is, its releases, and the way to all its rooms."""

from typing import Any

from flask import url_for

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms, web_app
from admin_ui.pages.release_view import verdict
from admin_ui.showing import show
from appstore import catalogue
from appstore.catalogue import App
from appstore.listings import categories
from appstore.releases import Release
from muster.kernel.web import actor, uow


@console.route("/apps/<string(maxlength=223):package>", actions=("app.catalogue.read",))
def app(package: str) -> str:
    """The app with its newest releases."""
    described = catalogue.read(uow(), actor(), package)
    return show(
        "apps/app.html",
        "apps",
        app=facts(described.app),
        web_url=web_app.submit_url(described.app),
        app_rooms=app_rooms.links(described.app, "console.app"),
        releases=[_row(release) for release in described.releases],
    )


def facts(row: App) -> dict[str, Any]:
    """Return the view model `app`."""
    return {
        "name": app_rooms.name(row),
        "package": row.package,
        "kind": row.kind,
        "owner": uow().kernel.people.unit(row.unit_id).name,
        "category": categories.named(row.category, chinese=words.chinese()),
        "sworn_only": row.visibility == "sworn",
        "signers": list(row.signers),
    }


def _row(release: Release) -> dict[str, Any]:
    return {
        "url": url_for("console.release", release_id=release.id),
        "version": release.version_name,
        "code": release.version_code,
        "state": words.RELEASE[release.state],
        "verdict": verdict(release.id),
        "at": release.created_at,
    }
