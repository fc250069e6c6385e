"""Apps and their newest releases."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from admin_ui import chrome, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages import app_rooms, web_app
from admin_ui.pages.release_view import verdict
from admin_ui.showing import show
from appstore import catalogue, rollouts
from appstore.catalogue import Listed
from appstore.rollouts import Health
from muster.kernel.web import actor, decode_text, page, uow


@console.route("/apps", actions=("app.catalogue.read",))
def apps() -> str:
    """Every app with its newest release."""
    rows = catalogue.listing(uow(), actor(), after=decode_text(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda listed: [listed.app.package])
    newest = [listed.newest.id for listed in shown.items if listed.newest]
    counts = rollouts.health_of(uow(), newest)
    return show(
        "apps/list.html",
        "apps",
        filters=[],
        page=pager(shown),
        upload_url=url_for("console.release_upload") if chrome.may("app.release.submit") else "",
        web_url=web_app.submit_url(),
        tokens_url=url_for("console.tokens") if chrome.may("app.token.list") else "",
        names_url=url_for("console.names") if chrome.may("app.name.list") else "",
        reviews_url=url_for("console.release_reviews") if chrome.may("app.review.list") else "",
        rows=[_row(listed, counts) for listed in shown.items],
    )


def _row(listed: Listed, counts: Mapping[UUID, Health]) -> dict[str, Any]:
    app, newest = listed.app, listed.newest
    count = counts.get(newest.id, Health()) if newest else Health()
    return {
        "url": url_for("console.app", package=app.package),
        "name": app_rooms.name(app),
        "package": app.package,
        "publisher": uow().kernel.people.unit(app.unit_id).name,
        "version": newest.version_name if newest else "—",
        "code": newest.version_code if newest else "",
        "state": words.RELEASE[newest.state] if newest else "",
        "verdict": verdict(newest.id) if newest else "",
        "installed": count.installed,
        "targeted": count.targeted,
        "at": newest.updated_at if newest else None,
    }
