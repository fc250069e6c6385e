"""F-Droid repositories: what to compare, and which terminals have an address of their own."""

from typing import Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from appstore import fdroid as service
from appstore.fdroid import FdroidAccess
from mdm import devices
from mdm.devices import FleetQuery
from mdm.enrolment import text_svg
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_LISTS: Final = ("app.fdroid_access.list", "app.fdroid.read")


@console.route("/fdroid", endpoint="fdroid", actions=_LISTS)
def fdroid_list() -> str:
    """The fingerprint, and secret addresses, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.access.id])
    people = names.officers(uow(), [row.access.made_by for row in shown.items])
    return show(
        "fdroid/list.html",
        "fdroid",
        repository=service.facts(uow(), actor()),
        submit_url=url_for("console.fdroid_grant") if _may_grant() else "",
        most_days=service.LONGEST_DAYS,
        page=pager(shown),
        rows=[
            {
                "id": str(row.access.id),
                "label": row.access.label,
                "terminal": row.terminal,
                "url": url_for("console.device", device_id=row.access.device_id),
                "state": _state(row.access),
                "made_by": people[row.access.made_by].name if row.access.made_by in people else "",
                "created_at": row.access.created_at,
                "expires_at": row.access.expires_at,
                "revoke_url": url_for("console.fdroid_revoke", access_id=row.access.id)
                if _state(row.access) == "live" and _may_grant()
                else "",
            }
            for row in shown.items
        ],
    )


@console.route(
    "/fdroid",
    methods=["POST"],
    endpoint="fdroid_grant",
    actions=("app.fdroid_access.issue", "mdm.device.list"),
)
@back_to(fdroid_list)
def fdroid_grant() -> str:
    """Make a secret address; it is shown in this answer and never again."""
    label = forms.text("terminal", least=1, most=64)
    made = service.grant(
        uow(),
        actor(),
        device_id=_named(label),
        label=forms.text("label", least=1, most=100),
        days=forms.whole("days", 1, service.LONGEST_DAYS),
    )
    uow().session.flush()
    drawn = text_svg(made.links.deep_link, "F-Droid")
    return show(
        "fdroid/granted.html",
        "fdroid",
        access=made.access,
        terminal=label,
        links=made.links,
        qr_svg=Markup(drawn),  # noqa: S704 - segno's
    )


@console.route(
    "/fdroid/<uuid:access_id>/revoke",
    methods=["POST"],
    endpoint="fdroid_revoke",
    actions=("app.fdroid_access.revoke",),
)
@back_to(fdroid_list, keys=())
def fdroid_revoke(access_id: UUID) -> Response:
    """End a secret address now."""
    service.revoke(uow(), actor(), access_id)
    return done("fdroid_access_revoked", "console.fdroid")


def _named(label: str) -> UUID:
    """Return the terminal with a number among those the person may see."""
    for terminal in devices.listing(uow(), actor(), FleetQuery(text=label)):
        if terminal.principal.label.upper() == label.upper():
            return terminal.id
    raise forms.fault("terminal", _("No terminal in service has this number."))


def _may_grant() -> bool:
    return chrome.may("mdm.admission.list")


def _state(access: FdroidAccess) -> str:
    if access.revoked_at is not None:
        return "revoked"
    return "expired" if access.expires_at <= uow().now() else "live"
