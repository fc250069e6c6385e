"""What terminals must be: layers of configuration, what a draft would do, and who follows."""

from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import configuration_fields as fields
from admin_ui.pages.configuration_words import CHANGES, SCOPES
from admin_ui.showing import back_to, done, show
from mdm.configuration import Change, following, publishing, service
from mdm.configuration import impact as impacts
from mdm.devices import Terminal
from muster.kernel.approvals import Approval
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_LIST: Final = service.LIST
_PUBLISH: Final = "mdm.configuration.publish"
_STATES: Final = ("draft", "published", "superseded")
_KEYS_SHOWN: Final = 30


@console.route("/configurations", actions=(_LIST,))
def configurations() -> str:
    """Revisions of every layer, newest first."""
    filters = Filters()
    scope = filters.choice("scope", _("Layer"), [(one, words.of(SCOPES, one)) for one in SCOPES])
    labels = {"draft": _("Draft"), "published": _("Published"), "superseded": _("Superseded")}
    state = filters.choice("state", _("State"), [(one, labels[one]) for one in _STATES])
    rows = service.listing(
        uow(), actor(), scope_kind=scope, state=state, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda sheet: [sheet.row.id])
    people = names.officers(uow(), [_by(sheet) for sheet in shown.items])
    return show(
        "configurations/list.html",
        "configurations",
        filters=filters.drawn,
        page=pager(shown),
        new_url=url_for("console.configuration_new") if chrome.posts() else "",
        rows=[{**_head(sheet), "changed_by": people[_by(sheet)].name} for sheet in shown.items],
    )


@console.route("/configurations/<uuid:configuration_id>", actions=(_LIST,))
def configuration(configuration_id: UUID) -> str:
    """One revision: what it changes, whom it touches, who follows."""
    sheet = service.read(uow(), actor(), configuration_id)
    row, drafted = sheet.row, sheet.row.state == "draft"
    changes = service.differences(uow(), actor(), configuration_id) if drafted else []
    waiting = service.asked(uow(), row)
    people = names.officers(uow(), [_by(sheet), row.approved_by])
    approver = people.get(row.approved_by) if row.approved_by else None
    return show(
        "configurations/detail.html",
        "configurations",
        configuration={
            **_head(sheet),
            "changed_by": people[_by(sheet)].name,
            "approved_by": approver.name if approver else "",
            "reason": row.reason,
            "restores": row.restores,
        },
        diff=[_change(one) for one in changes] if drafted else None,
        impact=_impact(service.preview(uow(), actor(), configuration_id)) if drafted else None,
        lag=None if drafted else following.lag(uow(), actor(), configuration_id),
        lag_url=url_for("console.configuration_lag", configuration_id=row.id),
        document=fields.as_text(sheet.document),
        approval_url=url_for("console.approval", approval_id=waiting) if waiting else "",
        wide=publishing.wide(uow(), row) if drafted else False,
        actions=_actions(sheet, waiting=waiting is not None),
    )


@console.route("/configurations/<uuid:configuration_id>/lag", actions=(_LIST,))
def configuration_lag(configuration_id: UUID) -> str:
    """The terminals that have not echoed what they are to be."""
    sheet = service.read(uow(), actor(), configuration_id)
    rows = following.laggards(
        uow(), actor(), configuration_id, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda terminal: [terminal.id])
    return show(
        "configurations/lag.html",
        "configurations",
        configuration=_head(sheet),
        lag=following.lag(uow(), actor(), configuration_id),
        page=pager(shown),
        rows=[_laggard(terminal) for terminal in shown.items],
    )


@console.route(
    "/configurations/<uuid:configuration_id>/publish", methods=["POST"], actions=(_PUBLISH,)
)
@back_to(configuration, "publish")
def configuration_publish(configuration_id: UUID) -> Response:
    """Put a draft into force, or ask a second person to."""
    return _told(publishing.publish(uow(), actor(), configuration_id, forms.reason()))


@console.route(
    "/configurations/<uuid:configuration_id>/roll-back", methods=["POST"], actions=(_PUBLISH,)
)
@back_to(configuration, "roll_back")
def configuration_roll_back(configuration_id: UUID) -> Response:
    """Put back what was in force before."""
    return _told(publishing.roll_back(uow(), actor(), configuration_id, forms.reason()))


def _told(outcome: Any) -> Response:
    if isinstance(outcome, Approval):
        return done("asked", "console.configuration", configuration_id=outcome.resource_ids[0])
    return done("published", "console.configuration", configuration_id=outcome.id)


def _by(sheet: service.Sheet) -> UUID:
    return sheet.row.published_by or sheet.row.created_by


def _head(sheet: service.Sheet) -> dict[str, Any]:
    row = sheet.row
    return {
        "url": url_for("console.configuration", configuration_id=row.id),
        "name": title(sheet),
        "version": row.revision,
        "state": row.state,
        "scope": words.of(SCOPES, row.scope_kind),
        "changed_at": row.published_at or row.created_at,
    }


def title(sheet: service.Sheet) -> str:
    """Return the name of what a layer governs, in words."""
    if sheet.row.scope_kind == "class":
        return words.of(words.CLASSES, sheet.title)
    if sheet.row.scope_kind == "role":
        return words.of(words.ROLES, sheet.title)
    return sheet.title or words.of(SCOPES, sheet.row.scope_kind)


def _change(change: Change) -> dict[str, str]:
    return {
        "key": change.key,
        "kind": change.kind,
        "kind_label": words.of(CHANGES, change.kind),
        "before": "" if change.kind == "added" else fields.shown(change.before),
        "after": "" if change.kind == "removed" else fields.shown(change.after),
    }


def _impact(impact: impacts.Impact) -> dict[str, Any]:
    return {
        "concerned": impact.concerned,
        "changed": impact.changed,
        "failing": impact.failing,
        "complete": impact.complete,
        "keys": [
            {"key": key, "terminals": count} for key, count in impact.keys.most_common(_KEYS_SHOWN)
        ],
        "examples": [
            {
                "number": one.label,
                "url": url_for("console.device", device_id=one.device_id),
                "reasons": ", ".join(one.reasons),
            }
            for one in impact.examples
        ],
    }


def _actions(sheet: service.Sheet, *, waiting: bool) -> dict[str, str]:
    row = sheet.row
    drafted, writes = (
        row.state == "draft",
        service.may(uow(), actor(), row, "mdm.configuration.write"),
    )
    publishes = service.may(uow(), actor(), row)
    offered = {
        "edit": drafted and writes,
        "publish": drafted and publishes and not waiting,
        "roll_back": row.state == "published" and publishes,
    }
    return {
        name: url_for(f"console.configuration_{name}", configuration_id=row.id) if offer else ""
        for name, offer in offered.items()
    }


def _laggard(terminal: Terminal) -> dict[str, Any]:
    return {
        "number": terminal.principal.label,
        "url": url_for("console.device", device_id=terminal.id),
        "unit": terminal.unit.name,
        "state": "lagging",
        "since": terminal.managed.desired_at,
        "last_seen": terminal.managed.last_seen,
    }
