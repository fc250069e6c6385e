"""Acts that wait for a second person."""

import json
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.showing import back_to, done, show
from appstore import releases
from appstore.releases import lookup
from mdm import devices, orders
from muster.kernel import approvals as requests
from muster.kernel.approvals import Approval
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.policies import sets
from muster.kernel.web import actor, decode_id, page, uow

_STATES: Final = {
    "open": "pending",
    "approved": "executed",
    "refused": "refused",
    "cancelled": "withdrawn",
    "expired": "expired",
}
_PAGES: Final = {
    "Device": ("console.device", "device_id"),
    "Release": ("console.release", "release_id"),
    "AccessPolicySet": ("console.policy_set", "set_id"),
    "DeviceOrder": ("console.order", "order_id"),
}


@console.route("/approvals", endpoint="approvals", actions=("approvals.read",))
def approvals_list() -> str:
    """Requests of one state, newest first."""
    filters = Filters()
    state = filters.choice(
        "state",
        _("State"),
        [
            ("open", _("Pending")),
            ("approved", _("Carried out")),
            ("refused", _("Refused")),
            ("cancelled", _("Withdrawn")),
            ("expired", _("Expired")),
        ],
    )
    rows = requests.listing(
        uow(), actor(), state=state or "open", after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(uow(), [row.requested_by for row in shown.items])
    return show(
        "approvals/list.html",
        "approvals",
        filters=filters.drawn,
        page=pager(shown),
        rows=[_row(row, people[row.requested_by]) for row in shown.items],
    )


@console.route("/approvals/<uuid:approval_id>", actions=("approvals.read",))
def approval(approval_id: UUID) -> str:
    """One request, frozen as it was asked."""
    row = requests.read(uow(), actor(), approval_id)
    people = names.officers(uow(), [row.requested_by, row.decided_by])
    own = row.requested_by == actor().id
    waits = row.state == "open" and row.expires_at > uow().now()
    decides = waits and not own and _may_decide(row)
    return show(
        "approvals/detail.html",
        "approvals",
        approval=_frozen(row, people, own=own and waits),
        targets=_targets(row),
        targets_more=max(0, len(set(row.resource_ids)) - LIMIT),
        actions={
            "approve": _url("approve", row) if decides else "",
            "refuse": _url("refuse", row) if decides else "",
            "withdraw": _url("withdraw", row) if waits and own else "",
        },
        not_allowed=(
            _("Your roles do not cover deciding on this.")
            if waits and not own and not decides
            else ""
        ),
    )


@console.route("/approvals/<uuid:approval_id>/approve", methods=["POST"], actions=("*",))
@back_to(approval, "approve")
def approval_approve(approval_id: UUID) -> Response:
    """Agree; it is carried out at once, in both names."""
    row = requests.approve(uow(), actor(), approval_id)
    return done(
        "half_agreed" if _wants_another(row) else "approved",
        "console.approval",
        approval_id=approval_id,
    )


@console.route("/approvals/<uuid:approval_id>/refuse", methods=["POST"], actions=("*",))
@back_to(approval, "refuse")
def approval_refuse(approval_id: UUID) -> Response:
    """Say no, and why."""
    requests.refuse(uow(), actor(), approval_id, forms.reason())
    return done("refused", "console.approval", approval_id=approval_id)


@console.route(
    "/approvals/<uuid:approval_id>/withdraw", methods=["POST"], actions=("approvals.withdraw",)
)
@back_to(approval, "withdraw")
def approval_withdraw(approval_id: UUID) -> Response:
    """Take one's own request back."""
    requests.withdraw(uow(), actor(), approval_id)
    return done("withdrawn", "console.approval", approval_id=approval_id)


def _row(row: Approval, requester: names.Named) -> dict[str, Any]:
    return {
        "url": url_for("console.approval", approval_id=row.id),
        "title": row.label,
        "targets": len(row.resource_ids),
        "requester": requester.name,
        "requester_unit": _unit(requester),
        "reason": row.reason,
        "state": _STATES[row.state],
        "asked_at": row.created_at,
        "expires_at": row.expires_at,
        "own": row.requested_by == actor().id,
    }


def _frozen(row: Approval, people: dict[UUID, names.Named], *, own: bool) -> dict[str, Any]:
    requester = people[row.requested_by]
    decided = people.get(row.decided_by) if row.decided_by else None
    return {
        "title": row.label,
        "action": row.action,
        "state": _STATES[row.state],
        "requester": {
            "name": requester.name,
            "number": requester.number,
            "unit": _unit(requester),
        },
        "reason": row.reason,
        "asked_at": row.created_at,
        "expires_at": row.expires_at,
        "hash": row.frozen_hash,
        "body": json.dumps(
            {"action": row.action, "resources": row.resource_ids, "body": row.body},
            indent=2,
            ensure_ascii=False,
        ),
        "own": own,
        "decided_by": f"{decided.name} · {decided.number}" if decided else "",
        "decided_at": row.decided_at,
        "decision_reason": row.note,
        "failure": "",
    }


def _targets(row: Approval) -> list[dict[str, Any]]:
    ids = [UUID(resource) for resource in dict.fromkeys(row.resource_ids)][:LIMIT]
    labels = devices.labels(uow(), ids) if row.resource_type == "Device" else {}
    endpoint, key = _PAGES.get(row.resource_type, ("", ""))
    return [
        {
            "label": labels.get(resource, row.label),
            "url": url_for(endpoint, **_values(key, resource)) if endpoint else "",
            "detail": f"{row.resource_type} {resource}",
        }
        for resource in ids
    ]


def _values(key: str, resource: UUID) -> dict[str, Any]:
    return {key: resource}


def _may_decide(row: Approval) -> bool:
    try:
        targets = [
            target
            for resource in dict.fromkeys(row.resource_ids)
            for target in _today(row, UUID(resource))
        ]
    except NotFound:
        return False
    return all(chrome.may(f"{row.action}.approve", target) for target in targets)


def _today(row: Approval, resource_id: UUID) -> list[Target]:
    """Return a resource as it is now; of a type the console does not know, the act itself decides."""
    if row.resource_type == "Device":
        return [devices.find(uow(), resource_id).target(actor())]
    if row.resource_type == "Release":
        return [lookup.target(uow(), lookup.find(uow(), resource_id))]
    if row.resource_type == "AccessPolicySet":
        return [sets.target(uow(), sets.find(uow(), resource_id))]
    if row.resource_type == "DeviceOrder":
        return orders.to_decide(uow(), resource_id)
    return []


def _wants_another(row: Approval) -> bool:
    """A sensitive release is not carried out by its first approver."""
    if row.action != releases.PUBLISH:
        return False
    return lookup.find(uow(), UUID(row.resource_ids[0])).state == "needs_review"


def _unit(person: names.Named) -> str:
    return uow().kernel.people.unit(person.unit_id).name


def _url(act: str, row: Approval) -> str:
    return url_for(f"console.approval_{act}", approval_id=row.id)
