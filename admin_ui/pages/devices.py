"""The fleet as a list."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages.device_view import compliance, state, system
from admin_ui.showing import back_to, done, show
from mdm import commands, devices
from mdm.devices import FleetQuery, Terminal
from muster.kernel.web import actor, decode_id, page, uow

_BULK: Final = ("refresh", "lock", "unlock")


@console.route("/devices", endpoint="devices", actions=("mdm.device.list",))
def fleet() -> str:
    """Every terminal the person may see."""
    filters = Filters()
    query = _query(filters)
    rows = devices.listing(uow(), actor(), query, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda terminal: [terminal.id])
    waiting = commands.pending(uow(), [terminal.id for terminal in shown.items])
    return show(
        "devices/list.html",
        "devices",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(terminal, waiting) for terminal in shown.items],
        bulk=_bulk(shown.items[0]) if shown.items else None,
        export_url="",
    )


@console.route(
    "/devices",
    methods=["POST"],
    actions=tuple(f"mdm.device.{kind}" for kind in _BULK),
)
@back_to(fleet)
def devices_bulk() -> Response:
    """Order the same for every ticked terminal, or for none."""
    kind, reason = forms.text("action"), forms.reason()
    if kind not in _BULK:
        raise forms.fault("action", _("Choose one of the actions offered."))
    for device_id in forms.ids("id", LIMIT):
        commands.order(uow(), actor(), device_id, kind, reason=reason)
    return done("bulk", "console.devices")


def _query(filters: Filters) -> FleetQuery:
    text = filters.search("q", _("Number or serial"))
    unit = filters.unit()
    state = filters.choice(
        "state",
        _("State"),
        [
            ("enrolled", _("Active")),
            ("lost", _("Lost")),
            ("wiped", _("Wiped")),
            ("retired", _("Retired")),
        ],
    )
    passing = filters.choice(
        "compliance",
        _("Compliance"),
        [("compliant", _("Compliant")), ("non_compliant", _("Not compliant"))],
    )
    judged = None if passing is None else passing == "compliant"
    return FleetQuery(unit=unit, state=state, compliant=judged, text=text)


def _row(terminal: Terminal, waiting: Mapping[UUID, int]) -> dict[str, Any]:
    principal, managed, holder = terminal.principal, terminal.managed, terminal.holder
    return {
        "id": str(terminal.id),
        "url": url_for("console.device", device_id=terminal.id),
        "number": principal.label,
        "model": managed.model,
        "holder": holder.name if holder else "",
        "holder_number": holder.number if holder else "",
        "unit": terminal.unit.name,
        "state": state(terminal),
        "compliance": compliance(terminal),
        "failing": len(principal.posture_reasons),
        "os": system(terminal),
        "agent": managed.agent_version or "—",
        "last_seen": managed.last_seen,
        "zone": "",
        "battery": managed.battery,
        "pending": waiting.get(terminal.id, 0),
    }


def _bulk(terminal: Terminal) -> dict[str, Any] | None:
    """Return what may be ordered in bulk; each terminal is decided on by itself."""
    target = terminal.target(actor())
    labels = {"refresh": _("Fetch news"), "lock": _("Lock"), "unlock": _("Unlock")}
    offered = [kind for kind in _BULK if chrome.may(f"mdm.device.{kind}", target)]
    if not offered:
        return None
    return {
        "url": url_for("console.devices_bulk"),
        "actions": [{"value": kind, "label": labels[kind]} for kind in offered],
    }
