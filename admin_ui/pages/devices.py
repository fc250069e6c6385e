"""The fleet as a list."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages.device_view import compliance, state, system
from admin_ui.showing import back_to, done, show
from mdm import commands, devices, orders
from mdm.devices import FleetQuery, Terminal
from muster.kernel.web import Page, actor, decode_id, encode, uow

_SILENT: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_BULK: Final = ("refresh", "lock", "unlock", "ring", "reboot", "collect_logs")


@console.route("/devices", endpoint="devices", actions=("mdm.device.list",))
def fleet() -> str:
    """Every terminal the person may see."""
    filters = Filters()
    found = devices.search(uow(), actor(), _query(filters), after=decode_id(cursor()), limit=LIMIT)
    shown = Page(found.items, encode([found.next]) if found.next else None)
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
    actions=("mdm.order.place", "mdm.order.place_many", *(f"mdm.device.{k}" for k in _BULK)),
)
@back_to(fleet)
def devices_bulk() -> Response:
    """Order the same for every ticked terminal; the order's page says how each stands."""
    kind, reason = forms.text("action"), forms.reason()
    if kind not in _BULK:
        raise forms.fault("action", _("Choose one of the actions offered."))
    targets = orders.Targets(devices=forms.ids("id", LIMIT))
    body = commands.filled_in(kind, {})
    order = orders.place(uow(), actor(), targets, kind, reason, body)
    return done("mass_order", "console.order", order_id=order.id)


def _query(filters: Filters) -> FleetQuery:
    text = filters.search("q", _("Beginning of number, serial or IMEI"))
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
    lag = filters.choice(
        "lag", _("Configuration"), [("no", _("Applied")), ("yes", _("Not applied yet"))]
    )
    return FleetQuery(
        unit=unit,
        state=state,
        compliant=None if passing is None else passing == "compliant",
        text=text,
        lagging=None if lag is None else lag == "yes",
        device_class=filters.choice("class", _("Class"), words.choices(words.CLASSES)),
        agent=filters.choice("agent", _("Agent"), words.choices(words.AGENTS)),
        group=filters.search("group", _("Group")),
        ring=filters.search("ring", _("Ring")),
        model=filters.search("model", _("Model")),
        os=filters.search("os", _("System")),
        silent_since=_silent_since(filters),
    )


def _silent_since(filters: Filters) -> datetime | None:
    long = filters.choice(
        "silent",
        _("Silent for"),
        [("day", _("a day")), ("week", _("a week")), ("month", _("a month"))],
    )
    return uow().now() - _SILENT[long] if long else None


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
        "class": words.of(words.CLASSES, managed.device_class),
        "agent": managed.agent_version or "—",
        "agent_kind": words.of(words.AGENTS, managed.agent),
        "lag": "lagging" if managed.lagging else "applied",
        "last_seen": managed.last_seen,
        "battery": managed.battery,
        "pending": waiting.get(terminal.id, 0),
    }


def _bulk(terminal: Terminal) -> dict[str, Any] | None:
    """Return what may be ordered in bulk; each terminal is decided on by itself."""
    target = terminal.target(actor())
    offered = [kind for kind in _BULK if chrome.may(f"mdm.device.{kind}", target)]
    if not offered:
        return None
    return {
        "url": url_for("console.devices_bulk"),
        "actions": [{"value": kind, "label": words.of(words.COMMANDS, kind)} for kind in offered],
    }
