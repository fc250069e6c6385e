"""Access reviews and break-glass for console automation."""

from typing import Any
from uuid import UUID

from muster.kernel.identity.break_glass import service as break_glass
from muster.kernel.identity.break_glass.models import BreakGlass
from muster.kernel.identity.people_schemas import (
    AccessReviewDecisionSchema,
    BreakGlassesSchema,
    BreakGlassRequestSchema,
    BreakGlassSchema,
    BreakGlassVerdictSchema,
    ReviewDecidedSchema,
    ReviewItemsSchema,
)
from muster.kernel.identity.reviews import service as reviews
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "reviews",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Access reviews and break-glass",
)


@blp.route("/access-reviews", auth=Auth.CONSOLE, actions=("identity.review.list",))
@blp.response(200, ReviewItemsSchema)
def list_items() -> dict[str, Any]:
    """List the grants that you must confirm or withdraw, the nearest deadline first."""
    items = reviews.waiting(uow(), actor())
    due = reviews.deadlines(uow(), items)
    return {
        "items": [
            {
                "id": item.id,
                "officer_id": item.officer_id,
                "role": item.role,
                "unit_id": item.unit_id,
                "due_at": due[item.review_id].due_at,
            }
            for item in items
        ]
    }


@blp.route(
    "/access-reviews/<uuid:item_id>",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.review.decide",),
)
@blp.arguments(AccessReviewDecisionSchema)
@blp.response(200, ReviewDecidedSchema)
def decide_item(body: dict[str, Any], item_id: UUID) -> dict[str, Any]:
    """Confirm a grant for another round, or withdraw it."""
    item = reviews.decide(uow(), actor(), item_id, confirm=body["confirm"], note=body["note"])
    return {"decision": item.decision}


@blp.route("/break-glass", auth=Auth.CONSOLE, actions=("identity.break_glass.list",))
@blp.response(200, BreakGlassesSchema)
def list_break_glass() -> dict[str, Any]:
    """List what waits for its review."""
    return {"items": break_glass.waiting(uow(), actor())}


@blp.route(
    "/break-glass", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.break_glass.begin",)
)
@blp.arguments(BreakGlassRequestSchema)
@blp.response(201, BreakGlassSchema)
def begin_break_glass(body: dict[str, Any]) -> BreakGlass:
    """Open a role or a certification for yourself for up to an hour."""
    return break_glass.begin(uow(), actor(), **body)


@blp.route(
    "/break-glass/<uuid:row_id>/review",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.break_glass.judge",),
)
@blp.arguments(BreakGlassVerdictSchema)
@blp.response(200, BreakGlassSchema)
def review_break_glass(body: dict[str, Any], row_id: UUID) -> BreakGlass:
    """Say whether it was justified."""
    return break_glass.review(uow(), actor(), row_id, body["verdict"], body["note"])
