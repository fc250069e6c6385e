"""What must be kept, and what must be looked at: legal holds and the review queue."""

from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages.record_view import kind
from admin_ui.showing import back_to, done, show
from muster.kernel import approvals
from muster.kernel.audit import retention, review, wiring
from muster.kernel.guard import Target
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow
from muster.ondevice.subjects import SubjectKind

N_ = str
_KINDS: Final = {
    "case": N_("Case"),
    "officer": N_("Officer"),
    "subject": N_("Person, vehicle or document"),
    "resource": N_("Resource"),
}
_WHY: Final = {
    "sample": N_("Random sample"),
    "break_glass": N_("Broke the glass"),
    "denied_burst": N_("Burst of refusals"),
}
_STATES: Final = {
    "open": N_("Open"),
    "explained": N_("Explained"),
    "confirmed": N_("Confirmed as misuse"),
    "referred": N_("Referred"),
}


@console.route("/audit/holds", endpoint="audit_holds", actions=("audit.hold.list",))
def hold_list() -> str:
    """Holds in force, and on request those that were lifted."""
    filters = Filters()
    state = filters.choice("state", _("State"), [("held", _("In force")), ("lifted", _("Lifted"))])
    rows = retention.holds.listing(
        uow(), actor(), lifted=state == "lifted", after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(
        uow(), [who for row in shown.items for who in (row.placed_by, row.lifted_by)]
    )
    places = chrome.may("audit.hold.place", Target("LegalHold", "new"))
    return show(
        "audit/holds.html",
        "audit",
        list_url=url_for("console.audit_holds"),
        filters=filters.drawn,
        page=pager(shown),
        rules=[_rule(rule) for rule in wiring.retention(uow().kernel.settings).rules],
        kinds=_options(_KINDS),
        subject_kinds=[{"value": str(code), "label": kind(code)} for code in SubjectKind],
        place_url=url_for("console.audit_hold_place") if places else "",
        rows=[_hold(row, people) for row in shown.items],
    )


@console.route("/audit/holds", methods=["POST"], actions=("audit.hold.place", "audit.hold.list"))
@back_to(hold_list)
def audit_hold_place() -> Response:
    """Place a hold."""
    retention.holds.place(
        uow(),
        actor(),
        kind=forms.text("kind", most=16),
        value=forms.text("value", least=1, most=300),
        subject_kind=forms.text("subject_kind", most=20),
        reason=forms.reason(),
    )
    return done("held", "console.audit_holds")


@console.route(
    "/audit/holds/<uuid:hold_id>/lift",
    methods=["POST"],
    actions=("audit.hold.lift", "audit.hold.list"),
)
@back_to(hold_list, "lift-{hold_id}", keys=())
def audit_hold_lift(hold_id: UUID) -> Response:
    """Ask for a hold to be lifted."""
    asked = retention.holds.ask_to_lift(uow(), actor(), hold_id, forms.reason())
    return done("asked", "console.approval", approval_id=asked.id)


@console.route("/audit/reviews", endpoint="audit_reviews", actions=("audit.review.list",))
def review_list() -> str:
    """What waits to be looked at, oldest first."""
    filters = Filters()
    state = filters.choice("state", _("State"), _pairs(_STATES)) or "open"
    rows = review.service.listing(
        uow(), actor(), state=state, after=decode_id(cursor()), limit=LIMIT
    )
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(uow(), [row.officer_id for row in shown.items])
    return show(
        "audit/reviews.html",
        "audit",
        list_url=url_for("console.audit_reviews"),
        filters=filters.drawn,
        page=pager(shown),
        rows=[_item(row, people) for row in shown.items],
    )


@console.route("/audit/reviews/<uuid:item_id>", actions=("audit.review.read",))
def audit_review(item_id: UUID) -> str:
    """One item, and what to say of it."""
    row = review.service.read(uow(), actor(), item_id)
    people = names.officers(uow(), [row.officer_id, row.reviewed_by])
    return show(
        "audit/review.html",
        "audit",
        list_url=url_for("console.audit_reviews"),
        item=_item(row, people),
        entry_url=url_for("console.audit_entry", entry_id=row.entry_id),
        verdicts=_options({code: text for code, text in _STATES.items() if code != "open"}),
        decide_url=(
            url_for("console.audit_review_decide", item_id=row.id)
            if row.state in ("open", "referred")
            else ""
        ),
    )


@console.route(
    "/audit/reviews/<uuid:item_id>/decide",
    methods=["POST"],
    actions=("audit.review.decide", "audit.review.read"),
)
@back_to(audit_review)
def audit_review_decide(item_id: UUID) -> Response:
    """Say what came of it."""
    review.service.decide(uow(), actor(), item_id, forms.text("verdict", most=16), forms.reason())
    return done("reviewed", "console.audit_reviews")


def _hold(row: retention.LegalHold, people: dict[UUID, names.Named]) -> dict[str, Any]:
    open_request = (
        approvals.open_for(uow(), retention.holds.LIFT, str(row.id)) if not row.lifted_at else None
    )
    lifts = not row.lifted_at and not open_request
    may = lifts and chrome.may(retention.holds.LIFT, Target("LegalHold", str(row.id)))
    lifter = people.get(row.lifted_by) if row.lifted_by else None
    return {
        "id": row.id,
        "kind": words.of(_KINDS, row.kind),
        "label": row.label,
        "reason": row.reason,
        "placed_by": people[row.placed_by].name,
        "placed_at": row.created_at,
        "lifted_by": lifter.name if lifter else "",
        "lifted_at": row.lifted_at,
        "request_url": (
            url_for("console.approval", approval_id=open_request.id) if open_request else ""
        ),
        "lift_url": url_for("console.audit_hold_lift", hold_id=row.id) if may else "",
    }


def _rule(rule: Any) -> dict[str, Any]:
    return {"prefix": rule.prefix, "hot": rule.hot, "cold": rule.cold}


def _item(row: review.ReviewItem, people: dict[UUID, names.Named]) -> dict[str, Any]:
    officer = people.get(row.officer_id)
    reviewer = people.get(row.reviewed_by) if row.reviewed_by else None
    return {
        "url": url_for("console.audit_review", item_id=row.id),
        "kind": words.of(_WHY, row.kind),
        "state": row.state if row.state == "open" else f"review_{row.state}",
        "officer": officer.name if officer else "",
        "number": officer.number if officer else "",
        "unit": uow().kernel.people.unit(row.unit_id).name,
        "action": row.action,
        "case_reference": row.case_ref,
        "count": row.count,
        "at": row.happened_at,
        "due_at": row.due_at,
        "late": row.state == "open" and row.due_at < uow().now(),
        "note": row.note,
        "reviewed_by": reviewer.name if reviewer else "",
        "reviewed_at": row.reviewed_at,
    }


def _pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, words.of(table, code)) for code in table]


def _options(table: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": code, "label": label} for code, label in _pairs(table)]
