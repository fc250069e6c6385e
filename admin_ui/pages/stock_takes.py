"""Counting equipment: one field that takes what a scanner types, and what it means."""

import re
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages.equipment import may_register, units
from admin_ui.showing import back_to, done, show
from mdm.equipment import stock_takes
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_READ: Final = "mdm.stock_take.read"
_LINES: Final = 50
_BETWEEN: Final = re.compile(r"[,;\t\n]+")


@console.route("/equipment/stock-takes", endpoint="stock_takes", actions=("mdm.stock_take.list",))
def listed() -> str:
    """Every stock-take the person may see."""
    rows = stock_takes.listing(uow(), actor(), after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda take: [take.id])
    people = names.officers(uow(), [take.opened_by for take in shown.items])
    return show(
        "equipment/stock_takes.html",
        "equipment",
        page=pager(shown),
        rows=[_row(take, people[take.opened_by].name) for take in shown.items],
        begin_url=url_for("console.stock_take_begin") if may_register() else "",
        units=units(),
    )


@console.route("/equipment/stock-takes", methods=["POST"], actions=("mdm.stock_take.begin",))
@back_to(listed, "begin")
def stock_take_begin() -> Response:
    """Begin to count a unit."""
    unit = forms.text("unit", least=1, most=64)
    made = stock_takes.begin(uow(), actor(), unit=unit, note=forms.text("note", most=200))
    return done("stock_begun", "console.stock_take", take_id=made.id)


@console.route("/equipment/stock-takes/<uuid:take_id>", endpoint="stock_take", actions=(_READ,))
def counted(take_id: UUID) -> str:
    """One stock-take: the field, the result so far, what is missing."""
    return _page(take_id, ())


@console.route(
    "/equipment/stock-takes/<uuid:take_id>/scans",
    methods=["POST"],
    actions=("mdm.stock_take.scan", _READ),
)
@back_to(counted)
def stock_take_scan(take_id: UUID) -> str:
    """Count what the scanner typed; the answer is the page again, ready for the next."""
    typed = _BETWEEN.split(forms.text("serial", least=1, most=2000))
    found = stock_takes.scan(uow(), actor(), take_id, [one for one in typed if one.strip()])
    return _page(take_id, found)


@console.route(
    "/equipment/stock-takes/<uuid:take_id>/close",
    methods=["POST"],
    actions=("mdm.stock_take.close",),
)
@back_to(counted, "close")
def stock_take_close(take_id: UUID) -> Response:
    """Write the result down for good."""
    stock_takes.close(uow(), actor(), take_id)
    return done("stock_closed", "console.stock_take", take_id=take_id)


@console.route(
    "/equipment/stock-takes/<uuid:take_id>/missing/<uuid:asset_id>",
    methods=["POST"],
    actions=(_READ, "mdm.asset.report_lost", "mdm.device.report_lost"),
)
@back_to(counted, "lost-{asset_id}", keys=("take_id",))
def stock_take_report(take_id: UUID, asset_id: UUID) -> Response:
    """Report one missing thing lost."""
    stock_takes.report_missing(uow(), actor(), take_id, asset_id, forms.reason())
    return done("asset_moved", "console.stock_take", take_id=take_id)


def _page(take_id: UUID, scanned: Any) -> str:
    take = stock_takes.read(uow(), actor(), take_id)
    unit = uow().kernel.people.unit(take.unit_id)
    target = Target("StockTake", str(take.id), unit=unit.path)
    open_ = take.state == "open" and chrome.may("mdm.stock_take.scan", target)
    where: dict[str, Any] = {"take_id": take_id}
    return show(
        "equipment/stock_take.html",
        "equipment",
        take={
            "unit": unit.name,
            "note": take.note,
            "state": take.state,
            "created_at": take.created_at,
            "closed_at": take.closed_at,
            **asdict(stock_takes.count(uow(), take)),
        },
        list_url=url_for("console.stock_takes"),
        scan_url=url_for("console.stock_take_scan", **where) if open_ else "",
        close_url=url_for("console.stock_take_close", **where) if open_ else "",
        scanned=[_line(line, "") for line in scanned],
        lines=[_line(line, "") for line in _lines(take_id)],
        missing=_missing(take),
    )


def _lines(take_id: UUID) -> list[stock_takes.StockLine]:
    rows = stock_takes.lines(uow(), actor(), take_id, limit=_LINES)
    return [row for row in rows[:_LINES] if row.result != "missing"]


def _missing(take: stock_takes.StockTake) -> list[dict[str, Any]]:
    """Return what nobody saw: as it stands now, or as it was written down."""
    if take.state == "closed":
        rows = stock_takes.lines(uow(), actor(), take.id, result="missing", limit=_LINES)
        return [_line(row, _report_url(take, row)) for row in rows[:_LINES]]
    gone = stock_takes.missing(uow(), actor(), take.id, limit=_LINES)[:_LINES]
    return [
        {
            "id": str(asset.id),
            "serial": asset.serial,
            "result": "missing",
            "why": asset.model,
            "url": url_for("console.equipment_item", asset_id=asset.id),
            "report_url": "",
            "reported_at": None,
        }
        for asset in gone
    ]


def _report_url(take: stock_takes.StockTake, line: stock_takes.StockLine) -> str:
    unit = uow().kernel.people.unit(take.unit_id)
    target = Target("Asset", str(line.asset_id), {"stage": "in_stock"}, unit=unit.path)
    if line.reported_at is not None or not chrome.may("mdm.asset.report_lost", target):
        return ""
    return url_for("console.stock_take_report", take_id=take.id, asset_id=line.asset_id)


def _line(line: stock_takes.StockLine, report_url: str) -> dict[str, Any]:
    known = line.asset_id is not None
    return {
        "id": str(line.asset_id or line.id),
        "serial": line.serial,
        "result": line.result,
        "why": _why(line.why),
        "url": url_for("console.equipment_item", asset_id=line.asset_id) if known else "",
        "report_url": report_url,
        "reported_at": line.reported_at,
    }


def _why(why: str) -> str:
    told = {"other_unit": _("belongs to another unit"), "not_in_book": _("not in the book")}
    return told.get(why) or words.of(words.STAGES, why)


def _row(take: stock_takes.StockTake, by: str) -> dict[str, Any]:
    return {
        "id": str(take.id),
        "url": url_for("console.stock_take", take_id=take.id),
        "unit": uow().kernel.people.unit(take.unit_id).name,
        "note": take.note,
        "state": take.state,
        "created_at": take.created_at,
        "by": by,
        "present": take.present if take.state == "closed" else None,
        "missing": take.missing if take.state == "closed" else None,
    }
