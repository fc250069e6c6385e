"""What leavers and movers held, and what the personnel system sent."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from muster.kernel.identity import Holding, directory, names, officers_leaving
from muster.kernel.web import actor, decode_id, page, uow

_RUNS = 10
_PAGES = {
    "terminal": ("console.device", "device_id"),
    "equipment": ("console.equipment_item", "asset_id"),
    "approval": ("console.approval", "approval_id"),
    "app": ("console.release", "release_id"),
}


@console.route(
    "/leavers",
    endpoint="leavers",
    actions=("identity.holding.list", "identity.directory.list"),
)
def leavers_list() -> str:
    """Lines that nobody has crossed off, and the directory's latest reports."""
    filters = Filters()
    unit = filters.unit() or chrome.posts()[0]
    rows = officers_leaving.holdings(
        uow(), actor(), unit=unit, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(uow(), [row.officer_id for row in shown.items])
    sees = chrome.may("identity.directory.list")
    runs = directory.service.listing(uow(), actor(), limit=_RUNS)[:_RUNS] if sees else []
    may = chrome.may("identity.directory.decide")
    resolves = chrome.over("identity.holding.resolve")
    return show(
        "people/leavers.html",
        "leavers",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(row, people[row.officer_id], may=resolves) for row in shown.items],
        runs=[_run(run, may=may) for run in runs],
        directory=sees,
    )


@console.route(
    "/leavers/<uuid:holding_id>/resolve",
    methods=["POST"],
    actions=("identity.holding.resolve",),
)
@back_to(leavers_list, "resolve-{holding_id}", keys=())
def holding_resolve(holding_id: UUID) -> Response:
    """Cross a line off."""
    officers_leaving.resolve(uow(), actor(), holding_id, forms.reason())
    return done("resolved", "console.leavers")


@console.route(
    "/leavers/directory/<uuid:run_id>/release",
    methods=["POST"],
    actions=("identity.directory.decide",),
)
@back_to(leavers_list, "release-{run_id}", keys=())
def directory_release(run_id: UUID) -> Response:
    """Let those go whom the directory no longer names."""
    directory.service.decide(uow(), actor(), run_id, release=True, reason=forms.reason())
    return done("released", "console.leavers")


@console.route(
    "/leavers/directory/<uuid:run_id>/refuse",
    methods=["POST"],
    actions=("identity.directory.decide",),
)
@back_to(leavers_list, "refuse-{run_id}", keys=())
def directory_refuse(run_id: UUID) -> Response:
    """Keep everybody."""
    directory.service.decide(uow(), actor(), run_id, release=False, reason=forms.reason())
    return done("kept", "console.leavers")


def _row(row: Holding, who: names.Named, *, may: bool) -> dict[str, Any]:
    endpoint, key = _PAGES.get(row.kind, ("", ""))
    link: dict[str, Any] = {key: row.reference}
    return {
        "id": str(row.id),
        "kind": words.of(words.HELD, row.kind),
        "label": row.label,
        "url": url_for(endpoint, **link) if endpoint else "",
        "name": who.name,
        "number": who.number,
        "cause": row.cause,
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "at": row.created_at,
        "resolve_url": url_for("console.holding_resolve", holding_id=row.id) if may else "",
    }


def _run(run: directory.DirectoryRun, *, may: bool) -> dict[str, Any]:
    decides = may and run.state == "held"
    return {
        "id": str(run.id),
        "source": run.source,
        "at": run.created_at,
        "state": run.state,
        "added": run.added,
        "changed": run.changed,
        "removed": run.removed,
        "faults": run.faults,
        "held": [line["number"] for line in run.held],
        "release_url": url_for("console.directory_release", run_id=run.id) if decides else "",
        "refuse_url": url_for("console.directory_refuse", run_id=run.id) if decides else "",
    }
