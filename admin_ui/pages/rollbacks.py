"""The ways back from a release: halt it, have old code brought again, or remove and install."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.showing import back_to, done, show
from appstore import releases
from appstore.releases import Release, lookup
from appstore.rollbacks import WENT_OUT, Reissue, reinstalls, reissues, sides
from mdm.groups import Group
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_WAYS: Final = "console.rollback"
_STATES: Final = {
    "asked": "awaiting",
    "running": "running",
    "done": "completed",
    "refused": "refused",
    "expired": "expired",
    "cancelled": "cancelled",
}
_TURNS: Final = {"waiting_outbox": "waits_for_work", "done": "installed"}


def open_to(row: Release) -> bool:
    """Whether there is anything to take back: the release went out once."""
    return row.state in WENT_OUT


@console.route("/releases/<uuid:release_id>/rollback", actions=("app.catalogue.read",))
def rollback(release_id: UUID) -> str:
    """What can be done about a bad release, and what each way costs."""
    bad = releases.read(uow(), actor(), release_id).release
    asked = reissues.listing(uow(), actor(), release_id, limit=LIMIT)
    orders = reinstalls.listing(uow(), actor(), release_id, limit=LIMIT)
    reissuable = sides.reissuable(uow(), bad) if _may_reissue(bad) else []
    groups = _groups(bad)
    return show(
        "rollbacks/ways.html",
        "apps",
        crumbs=_crumbs(bad),
        release={"name": bad.label or bad.package, "version": bad.version_name},
        halt={
            "rolls": sides.side(uow(), bad).rolls,
            "url": url_for("console.release", release_id=bad.id),
        },
        reissue={
            "url": _url("reissue", bad) if reissuable and not _waits(asked) else "",
            "choices": _choices(reissuable),
            "asked": [_asked(row) for row in asked],
        },
        reinstall=_reinstall(bad, groups),
        orders=[_order(order) for order in orders],
    )


@console.route(
    "/releases/<uuid:release_id>/rollback/reissue", methods=["POST"], actions=(reissues.REISSUE,)
)
@back_to(rollback, "reissue")
def rollback_reissue(release_id: UUID) -> Response:
    """Ask the publishers to bring older code again."""
    reissues.ask(
        uow(),
        actor(),
        release_id,
        _chosen("to"),
        forms.reason(),
        urgent=bool(forms.text("urgent", most=4)),
    )
    return done("reissue_asked", _WAYS, release_id=release_id)


@console.route(
    "/releases/<uuid:release_id>/rollback/reinstall",
    methods=["POST"],
    actions=(reinstalls.REINSTALL,),
)
@back_to(rollback, "reinstall")
def rollback_reinstall(release_id: UUID) -> Response:
    """Ask for terminals to remove it and install an older release; a second person decides."""
    order = reinstalls.ask(
        uow(),
        actor(),
        release_id=release_id,
        to=_chosen("to"),
        group_id=_chosen("group"),
        reason=forms.reason(),
    )
    return done("asked", "console.rollback_order", order_id=order.order.id)


@console.route("/rollbacks/<uuid:order_id>", actions=("app.catalogue.read",))
def rollback_order(order_id: UUID) -> str:
    """How an order stands, as a whole and for each terminal."""
    standing = reinstalls.read(uow(), actor(), order_id)
    turns = reinstalls.turns(uow(), actor(), order_id, after=decode_id(cursor()), limit=LIMIT)
    shown = page(turns, LIMIT, lambda line: [line.turn.device_id])
    return show(
        "rollbacks/order.html",
        "apps",
        crumbs=[
            *_crumbs(standing.bad),
            (_("Ways back"), url_for(_WAYS, release_id=standing.bad.id)),
        ],
        order=_detail(standing),
        turns=[
            {
                "url": url_for("console.device", device_id=line.turn.device_id),
                "number": line.label,
                "state": _TURNS.get(line.turn.state, line.turn.state),
                "unsent": line.turn.unsent or 0,
                "detail": line.turn.detail,
            }
            for line in shown.items
        ],
        page=pager(shown),
    )


@console.route(
    "/rollbacks/<uuid:order_id>/cancel", methods=["POST"], actions=("app.rollback.cancel",)
)
@back_to(rollback_order, "cancel")
def rollback_cancel(order_id: UUID) -> Response:
    """Stop an order: whose turn has not come keeps what it has."""
    reinstalls.cancel(uow(), actor(), order_id, forms.reason())
    return done("cancelled", "console.rollback_order", order_id=order_id)


def _reinstall(bad: Release, groups: list[Group]) -> dict[str, Any]:
    """Return the form's view model; without a way that works there is no form, but why."""
    targets = sides.reinstallable(uow(), bad) if groups else []
    return {
        "url": _url("reinstall", bad) if targets else "",
        "choices": _choices(targets),
        "groups": [{"value": str(group.id), "label": group.name} for group in groups],
        "rolls": sides.side(uow(), bad).rolls,
    }


def _groups(bad: Release) -> list[Group]:
    """Return the groups in which somebody has the release and that the person answers for."""
    return [
        group
        for group in reinstalls.groups_with(uow(), bad)
        if chrome.may(reinstalls.REINSTALL, _target("new", group))
    ]


def _detail(standing: reinstalls.Standing) -> dict[str, Any]:
    order = standing.order
    people = names.officers(uow(), [order.requested_by, order.approved_by])
    agreed = people.get(order.approved_by) if order.approved_by else None
    open_ = standing.state in ("asked", "running")
    target = _target(str(order.id), standing.group)
    waits = standing.state == "asked" and order.approval_id and chrome.may("approvals.read")
    return _order(standing) | {
        "by": people[order.requested_by].name,
        "approved_by": agreed.name if agreed else "",
        "approval_url": url_for("console.approval", approval_id=order.approval_id) if waits else "",
        "cancel_url": url_for("console.rollback_cancel", order_id=order.id)
        if open_ and chrome.may("app.rollback.cancel", target)
        else "",
    }


def _order(standing: reinstalls.Standing) -> dict[str, Any]:
    order = standing.order
    return {
        "url": url_for("console.rollback_order", order_id=order.id),
        "name": f"{standing.bad.version_name} → {standing.good.version_name}",
        "group": standing.group.name,
        "state": _STATES[standing.state],
        "done": standing.turns.get("done", 0),
        "all": sum(standing.turns.values()),
        "holding": standing.turns.get("waiting_outbox", 0),
        "reason": order.reason,
        "at": order.created_at,
    }


def _asked(row: Reissue) -> dict[str, Any]:
    by = names.officers(uow(), [row.requested_by])[row.requested_by]
    answer = url_for("console.release", release_id=row.answer_id) if row.answer_id else ""
    return {
        "named": f"reissues={row.id}",
        "state": "completed" if row.state == "answered" else row.state,
        "by": by.name,
        "reason": row.reason,
        "at": row.created_at,
        "answer_url": answer,
    }


def _waits(asked: Sequence[Reissue]) -> bool:
    return any(row.state == "open" for row in asked)


def _choices(rows: list[Release]) -> list[dict[str, str]]:
    return [
        {"value": str(row.id), "label": f"{row.version_name} ({row.version_code})"} for row in rows
    ]


def _crumbs(row: Release) -> list[tuple[str, str]]:
    here = f"{row.label or row.package} {row.version_name}"
    return [
        (_("Apps"), url_for("console.apps")),
        (here, url_for("console.release", release_id=row.id)),
    ]


def _may_reissue(row: Release) -> bool:
    return chrome.may(reissues.REISSUE, lookup.target(uow(), row))


def _target(name: str, group: Group) -> Target:
    return Target("Rollback", name, unit=uow().kernel.people.unit(group.unit_id).path)


def _chosen(name: str) -> UUID:
    given = forms.optional_id(name)
    if given is None:
        raise forms.fault(name, _("Choose one of those offered."))
    return given


def _url(act: str, row: Release) -> str:
    return url_for(f"console.rollback_{act}", release_id=row.id)
