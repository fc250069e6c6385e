"""Mass orders: choose whom and what, see who must agree, follow each terminal."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm import commands, groups, orders
from mdm.commands import KINDS
from mdm.orders import Order, Progress, TargetLine
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, kernel, page, uow

_KINDS: Final = (
    "message", "refresh", "lock", "unlock", "ring", "reboot", "install", "remove", "collect_logs",
    "wipe_app_data", "wipe",
)  # fmt: skip
_SAYS: Final = {
    "message": "message",
    "lock": "message",
    "install": "package",
    "remove": "package",
}
_STATES: Final = {
    "awaiting": "awaiting",
    "running": "running",
    "done": "given",
    "refused": "refused",
    "cancelled": "withdrawn",
    "expired": "expired",
}
_PLACING: Final = ("mdm.order.place", "mdm.order.place_many")


@console.route("/orders", endpoint="orders", actions=("mdm.order.list",))
def orders_list() -> str:
    """Orders, newest first."""
    rows = orders.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(uow(), [row.requested_by for row in shown.items])
    return show(
        "orders/list.html",
        "orders",
        new_url=url_for("console.order_new"),
        rows=[_row(row, people) for row in shown.items],
        page=pager(shown),
    )


@console.route("/orders/new", actions=("mdm.order.list", "mdm.group.list"))
def order_new() -> str:
    """The form: one kind, and a unit or a group."""
    below = names.units_below(uow(), chrome.posts())
    known = groups.listing(uow(), actor(), limit=LIMIT) if chrome.may("mdm.group.list") else []
    return show(
        "orders/new.html",
        "orders",
        orders_url=url_for("console.orders"),
        url=url_for("console.order_place"),
        kinds=[{"value": kind, "label": words.of(words.COMMANDS, kind)} for kind in _KINDS],
        units=[{"value": unit.code, "label": unit.name} for unit in below],
        groups=[{"value": str(group.id), "label": group.name} for group in known],
        most=kernel().settings.four_eyes_terminals,
    )


@console.route(
    "/orders/new",
    methods=["POST"],
    actions=(*_PLACING, *(f"mdm.device.{kind}" for kind in KINDS)),
)
@back_to(order_new)
def order_place() -> Response:
    """Place it; many terminals wait for a second person."""
    kind, reason = forms.chosen("kind", _KINDS), forms.reason()
    unit, group = forms.text("unit", most=64), forms.optional_id("group")
    if bool(unit) == (group is not None):
        raise InvalidInput(errors=[Fault("/unit", _("Choose a unit or a group, one of them."))])
    targets = orders.Targets(group=group, unit=unit or None)
    body = commands.filled_in(kind, _body(kind, forms.text("detail", most=500)))
    order = orders.place(uow(), actor(), targets, kind, reason, body)
    return done("mass_order", "console.order", order_id=order.id)


@console.route("/orders/<uuid:order_id>", actions=("mdm.order.read",))
def order(order_id: UUID) -> str:
    """How an order stands, as a whole and for each terminal."""
    progress = orders.read(uow(), actor(), order_id)
    lines = orders.targets(uow(), actor(), order_id, after=decode_id(cursor()), limit=LIMIT)
    shown = page(lines, LIMIT, lambda line: [line.device_id])
    people = names.officers(uow(), [progress.order.requested_by, progress.order.approved_by])
    return show(
        "orders/detail.html",
        "orders",
        order=_detail(progress, people),
        counts=_counts(progress),
        targets=_lines(shown.items),
        page=pager(shown),
    )


def _body(kind: str, detail: str) -> dict[str, Any]:
    """Return the body that the one field of the form makes for a kind."""
    if kind == "wipe_app_data":
        return {"packages": detail.split()}
    return {_SAYS[kind]: detail} if kind in _SAYS and detail else {}


def _row(row: Order, people: dict[UUID, names.Named]) -> dict[str, Any]:
    return {
        "url": url_for("console.order", order_id=row.id),
        "kind": words.of(words.COMMANDS, row.kind),
        "state": _STATES[row.state],
        "targets": row.targets,
        "by": people[row.requested_by].name,
        "reason": row.reason,
        "at": row.created_at,
    }


def _detail(progress: Progress, people: dict[UUID, names.Named]) -> dict[str, Any]:
    row = progress.order
    agreed = people.get(row.approved_by) if row.approved_by else None
    waits = progress.state == "awaiting" and row.approval_id and chrome.may("approvals.read")
    return _row(row, people) | {
        "state": _STATES[progress.state],
        "hash": row.targets_hash[:20],
        "approved_by": f"{agreed.name} {agreed.number}" if agreed else "",
        "approval_url": url_for("console.approval", approval_id=row.approval_id) if waits else "",
        "finished_at": row.finished_at,
        "turns_left": progress.turns.get("waiting", 0),
        "refused": progress.turns.get("refused", 0),
        "confirmed": progress.commands.get("acknowledged", 0),
    }


def _counts(progress: Progress) -> list[dict[str, Any]]:
    """Return how many commands are in which state, the furthest first."""
    order_of = ("acknowledged", "unconfirmed", "failed", "delivered", "not_now", "notified",
                "queued", "expired", "cancelled", "superseded")  # fmt: skip
    return [
        {"state": state, "count": progress.commands[state]}
        for state in order_of
        if state in progress.commands
    ]


def _lines(lines: Sequence[TargetLine]) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("console.device", device_id=line.device_id),
            "number": line.label,
            "state": line.command_state or line.state,
            "detail": line.command_code or line.code,
        }
        for line in lines
    ]
