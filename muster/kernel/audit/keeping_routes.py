"""Legal holds and the review queue: `/admin/v1/audit/holds` and `/admin/v1/audit/reviews`."""

from typing import Any
from uuid import UUID

from muster.kernel.approvals import Approval
from muster.kernel.approvals.schemas import ApprovalSchema
from muster.kernel.audit.retention import holds
from muster.kernel.audit.retention.models import LegalHold
from muster.kernel.audit.review import service as reviews
from muster.kernel.audit.review.models import ReviewItem
from muster.kernel.audit.schemas import (
    HoldLiftSchema,
    HoldQuery,
    HoldRequestSchema,
    HoldSchema,
    ReviewDecisionSchema,
    ReviewQuery,
    ReviewSchema,
)
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

blp = Blueprint(
    "audit_keeping",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/audit",
    description="What must be kept, and what must be looked at",
)


@blp.route("/holds", auth=Auth.CONSOLE, actions=("audit.hold.list",))
@blp.arguments(HoldQuery, location="query")
@blp.response(200, page_schema(HoldSchema))
def list_holds(query: dict[str, Any]) -> Page[LegalHold]:
    """List legal holds, newest first."""
    after = decode_id(query.pop("after"))
    rows = holds.listing(uow(), actor(), after=after, **query)
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/holds", methods=["POST"], auth=Auth.CONSOLE, actions=("audit.hold.place",))
@blp.arguments(HoldRequestSchema)
@blp.response(201, HoldSchema)
def place_hold(body: dict[str, Any]) -> LegalHold:
    """Keep everything about a case, officer, subject or resource until two people lift it."""
    return holds.place(uow(), actor(), **body)


@blp.route(
    "/holds/<uuid:hold_id>/lift",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("audit.hold.lift", "audit.hold.lift.approve"),
)
@blp.arguments(HoldLiftSchema)
@blp.response(202, ApprovalSchema)
def lift_hold(body: dict[str, Any], hold_id: UUID) -> Approval:
    """Ask for a hold to be lifted; a second person decides."""
    return holds.ask_to_lift(uow(), actor(), hold_id, body["reason"])


@blp.route("/reviews", auth=Auth.CONSOLE, actions=("audit.review.list",))
@blp.arguments(ReviewQuery, location="query")
@blp.response(200, page_schema(ReviewSchema))
def list_reviews(query: dict[str, Any]) -> Page[ReviewItem]:
    """List what waits, oldest first; never one's own acts or those of one's chain of command."""
    after = decode_id(query.pop("after"))
    rows = reviews.listing(uow(), actor(), after=after, **query)
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/reviews/<uuid:item_id>", auth=Auth.CONSOLE, actions=("audit.review.read",))
@blp.response(200, ReviewSchema)
def read_review(item_id: UUID) -> ReviewItem:
    """Read one item."""
    return reviews.read(uow(), actor(), item_id)


@blp.route(
    "/reviews/<uuid:item_id>/decide",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("audit.review.decide",),
)
@blp.arguments(ReviewDecisionSchema)
@blp.response(200, ReviewSchema)
def decide_review(body: dict[str, Any], item_id: UUID) -> ReviewItem:
    """Say what came of it."""
    return reviews.decide(uow(), actor(), item_id, body["state"], body["note"])
