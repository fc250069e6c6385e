"""Apps and their newest releases."""

from typing import Any

from flask import url_for

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.release_view import verdict
from admin_ui.showing import show
from appstore import catalogue, rollouts
from appstore.catalogue import Listed
from muster.kernel.web import actor, decode_text, page, uow


@console.route("/apps", actions=("app.catalogue.read",))
def apps() -> str:
    """Every app with its newest release."""
    rows = catalogue.listing(uow(), actor(), after=decode_text(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda listed: [listed.app.package])
    return show(
        "apps/list.html",
        "apps",
        filters=[],
        page=pager(shown),
        upload_url="",
        rows=[_row(listed) for listed in shown.items],
    )


def _row(listed: Listed) -> dict[str, Any]:
    app, newest = listed.app, listed.newest
    rings = rollouts.listing(uow(), actor(), newest.id) if newest else []
    label = app.label_zh if words.chinese() and app.label_zh else app.label
    return {
        "url": url_for("console.release", release_id=newest.id) if newest else "",
        "name": label or app.package,
        "package": app.package,
        "publisher": uow().kernel.people.unit(app.unit_id).name,
        "version": newest.version_name if newest else "—",
        "code": newest.version_code if newest else "",
        "state": words.RELEASE[newest.state] if newest else "",
        "verdict": verdict(newest.id) if newest else "",
        "installed": sum(ring.health.installed for ring in rings),
        "targeted": sum(ring.health.targeted for ring in rings),
        "at": newest.updated_at if newest else None,
    }
