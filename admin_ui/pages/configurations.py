"""What terminals must be: layers of configuration, and how far the fleet follows them."""

import difflib
import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from mdm.configuration import Configuration, service
from mdm.devices import Terminal
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

N_ = str
_LIST: Final = "mdm.configuration.list"
_SCOPES: Final = {
    "organisation": N_("Whole force"),
    "unit": N_("Unit"),
    "group": N_("Group"),
    "device": N_("Terminal"),
    "incident": N_("Incident"),
}


@console.route("/configurations", actions=(_LIST,))
def configurations() -> str:
    """Revisions of every layer, newest first."""
    filters = Filters()
    scope = filters.choice(
        "scope", _("Layer"), [(code, words.of(_SCOPES, code)) for code in _SCOPES]
    )
    rows = service.listing(uow(), actor(), scope_kind=scope, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(uow(), [row.published_by or row.created_by for row in shown.items])
    return show(
        "configurations/list.html",
        "configurations",
        filters=filters.drawn,
        page=pager(shown),
        new_url="",
        rows=[
            {
                "url": url_for("console.configuration", configuration_id=row.id),
                "name": _name(row),
                "version": row.revision,
                "state": row.state,
                "scope": words.of(_SCOPES, row.scope_kind),
                "changed_at": row.published_at or row.created_at,
                "changed_by": people[row.published_by or row.created_by].name,
            }
            for row in shown.items
        ],
    )


@console.route("/configurations/<uuid:configuration_id>", actions=(_LIST,))
def configuration(configuration_id: UUID) -> str:
    """One revision: what it changes, whom it touches, who follows."""
    row = service.read(uow(), actor(), configuration_id)
    touched, behind = service.concerned(uow(), actor(), row)
    draft = row.state == "draft"
    by = row.published_by or row.created_by
    publish = draft and service.may_publish(uow(), actor(), row)
    return show(
        "configurations/detail.html",
        "configurations",
        configuration={
            "name": _name(row),
            "version": row.revision,
            "state": row.state,
            "scope": words.of(_SCOPES, row.scope_kind),
            "changed_at": row.published_at or row.created_at,
            "changed_by": names.officers(uow(), [by])[by].name,
        },
        diff=_diff(row) if draft else [],
        impact={"devices": touched} if draft else None,
        lagging=[] if draft else _lagging(behind),
        document="\n".join(_lines(row.document)),
        actions={
            "publish": url_for("console.configuration_publish", configuration_id=row.id)
            if publish
            else ""
        },
    )


@console.route(
    "/configurations/<uuid:configuration_id>/publish",
    methods=["POST"],
    actions=("mdm.configuration.publish",),
)
@back_to(configuration, "publish")
def configuration_publish(configuration_id: UUID) -> Response:
    """Put a draft into force."""
    forms.reason()
    service.publish(uow(), actor(), configuration_id)
    return done("published", "console.configuration", configuration_id=configuration_id)


def _name(row: Configuration) -> str:
    return service.title(uow(), row) or words.of(_SCOPES, row.scope_kind)


def _diff(row: Configuration) -> list[dict[str, str]]:
    published = service.in_force(uow(), actor(), row)
    before = _lines(published.document) if published else []
    kinds = {"+": "added", "-": "removed", " ": "same"}
    return [
        {"kind": kinds[line[0]], "text": line[2:]}
        for line in difflib.ndiff(before, _lines(row.document))
        if line[0] in kinds
    ]


def _lines(document: dict[str, Any]) -> list[str]:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).split("\n")


def _lagging(behind: Sequence[Terminal]) -> list[dict[str, Any]]:
    readable = [t for t in behind if chrome.may("mdm.device.read", t.target(actor()))]
    return [
        {
            "number": terminal.principal.label,
            "url": url_for("console.device", device_id=terminal.id),
            "unit": terminal.unit.name,
            "state": "lagging",
            "since": terminal.managed.desired_at,
            "detail": "",
        }
        for terminal in readable
    ]
