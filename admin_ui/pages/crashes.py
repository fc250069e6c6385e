"""Crashes by app version and place, for device admins and for the publishers of an app."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import show
from mdm.telemetry import CrashGroup, CrashQuery, paging
from mdm.telemetry import crashes as telemetry
from muster.kernel.web import actor, page, uow


@console.route("/crashes", actions=("mdm.crash.list", "mdm.crash.read"))
def crashes() -> str:
    """Groups of crashes, the last one seen first."""
    filters = Filters()
    query, after = (
        CrashQuery(package=filters.search("q", _("Package"))),
        paging.crash_place(cursor()),
    )
    rows = telemetry.listing(uow(), actor(), query, after=after, limit=LIMIT)
    shown = page(rows, LIMIT, paging.crash_position)
    return show(
        "crashes/list.html",
        "crashes",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_shown(group) for group in shown.items],
    )


@console.route("/crashes/<uuid:group_id>", actions=("mdm.crash.read",))
def crash(group_id: UUID) -> str:
    """One group with its first report."""
    sight = telemetry.read(uow(), actor(), group_id)
    group = _shown(sight.group) | {"terminals": sight.terminals, "sample": sight.group.sample}
    return show("crashes/detail.html", "crashes", group=group)


def _shown(group: CrashGroup) -> dict[str, Any]:
    return {
        "url": url_for("console.crash", group_id=group.id),
        "title": group.title or group.package,
        "package": group.package,
        "version": f"{group.version} ({group.version_code})".strip(),
        "count": group.count,
        "first_seen": group.first_seen,
        "last_seen": group.last_seen,
        "fingerprint": group.fingerprint,
    }
