"""An app's waivers: which vetting rules were set aside for it, by whom, until when and why."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages import app_rooms
from admin_ui.showing import back_to, done, show
from appstore import catalogue, waivers
from appstore.catalogue import App, lookup
from appstore.waivers import Waiver
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

_PAGE: Final = "console.app_waivers"
_SHOWN: Final = 100


@console.route("/apps/<string(maxlength=223):package>/waivers", actions=("app.catalogue.read",))
def app_waivers(package: str) -> str:
    """All waivers of one app, and what may be waived now."""
    described = catalogue.read(uow(), actor(), package)
    rows = waivers.listing(uow(), actor(), package, limit=_SHOWN)[:_SHOWN]
    target = lookup.target(uow(), described.app)
    offered = _offered(described.app, rows) if chrome.may("app.waiver.grant", target) else []
    return show(
        "waivers/list.html",
        "apps",
        app={
            "name": app_rooms.name(described.app),
            "package": package,
            "url": url_for("console.app", package=package),
        },
        app_rooms=app_rooms.links(described.app, _PAGE),
        rows=_view(described.app, rows, revocable=chrome.may("app.waiver.revoke", target)),
        offered=offered,
        grant_url=url_for("console.app_waiver_grant", package=package) if offered else "",
        longest=waivers.LONGEST,
    )


@console.route(
    "/apps/<string(maxlength=223):package>/waivers",
    methods=["POST"],
    actions=("app.waiver.grant",),
)
@back_to(app_waivers, "grant")
def app_waiver_grant(package: str) -> Response:
    """Set a rule aside for this app."""
    waivers.grant(
        uow(),
        actor(),
        package,
        rule=forms.chosen("rule", waivers.WAIVABLE),
        days=forms.whole("days", 1, waivers.LONGEST),
        reason=forms.reason(),
    )
    return done("waived", _PAGE, package=package)


@console.route(
    "/apps/<string(maxlength=223):package>/waivers/<uuid:waiver_id>/revoke",
    methods=["POST"],
    actions=("app.waiver.revoke",),
)
@back_to(app_waivers, "revoke-{waiver_id}", keys=("package",))
def app_waiver_revoke(package: str, waiver_id: UUID) -> Response:
    """End a waiver before its day."""
    waivers.revoke(uow(), actor(), package, waiver_id, forms.reason())
    return done("waiver_revoked", _PAGE, package=package)


def _offered(app: App, rows: Sequence[Waiver]) -> list[dict[str, str]]:
    """Return the rules that kept a release out and are not waived yet, with what they found."""
    held = {row.rule for row in rows if row.holds(uow().now())}
    return [
        {"value": rule, "label": f"{check.title} ({', '.join(map(str, check.evidence))[:100]})"}
        for rule, (_release, check) in sorted(waivers.grounds(uow(), app).items())
        if rule not in held
    ]


def _view(app: App, rows: Sequence[Waiver], *, revocable: bool) -> list[dict[str, Any]]:
    people = names.officers(
        uow(), {who for row in rows for who in (row.granted_by, row.revoked_by)}
    )
    return [
        {
            "id": str(row.id),
            "rule": row.rule,
            "reason": row.reason,
            "evidence": ", ".join(map(str, row.evidence)),
            "by": people[row.granted_by].name,
            "at": row.created_at,
            "until": row.until,
            "state": _state(row),
            "ended_by": people[row.revoked_by].name if row.revoked_by else "",
            "ended_for": row.revoked_for,
            "release_url": url_for("console.release", release_id=row.release_id),
            "revoke_url": url_for(
                "console.app_waiver_revoke", package=app.package, waiver_id=row.id
            )
            if revocable and row.holds(uow().now())
            else "",
        }
        for row in rows
    ]


def _state(row: Waiver) -> dict[str, str]:
    if row.revoked_at is not None:
        return {"tone": "quiet", "label": _("Taken back")}
    if row.holds(uow().now()):
        return {"tone": "warn", "label": _("Holds")}
    return {"tone": "quiet", "label": _("Over")}
