"""Reviews of urgent releases: `/appstore/v1/reviews`, and below the release itself."""

from typing import Any
from uuid import UUID

from appstore.reviews import service
from appstore.reviews.schemas import (
    ReleaseReviewQuery,
    ReleaseReviewSchema,
    ReleaseVerdictSchema,
)
from appstore.reviews.service import Owed
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

blp = Blueprint(
    "appstore-reviews",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Reviews that urgent releases owe",
)


@blp.route("/reviews", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.review.list",))
@blp.arguments(ReleaseReviewQuery, location="query")
@blp.response(200, page_schema(ReleaseReviewSchema))
def list_reviews(query: dict[str, Any]) -> Page[Owed]:
    """List the reviews that wait, the one due first at the top; or those of a verdict."""
    rows = service.listing(
        uow(),
        actor(),
        verdict=query["verdict"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.review.id])


@blp.route(
    "/releases/<uuid:release_id>/review",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.review.judge", "app.release.block"),
)
@blp.arguments(ReleaseVerdictSchema)
@blp.response(200, ReleaseReviewSchema)
def review_release(body: dict[str, Any], release_id: UUID) -> Owed:
    """Judge an urgent release afterwards, as an approver who had no part in it."""
    return service.judge(uow(), actor(), release_id, **body)
