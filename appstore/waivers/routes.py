"""Waivers of an app: `/appstore/v1/apps/<package>/waivers`."""

from typing import Any
from uuid import UUID

from appstore.waivers import service
from appstore.waivers.models import Waiver
from appstore.waivers.schemas import WaiverGrantSchema, WaiverRevocationSchema, WaiverSchema
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_id,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-waivers",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/apps/<string(maxlength=223):package>/waivers",
    description="Vetting rules set aside for an app",
)


@blp.route("", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(WaiverSchema))
def list_waivers(query: dict[str, Any], package: str) -> Page[Waiver]:
    """List an app's waivers, newest first, ended ones too."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = service.listing(uow(), actor(), package, after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("app.waiver.grant",))
@blp.arguments(WaiverGrantSchema)
@blp.response(201, WaiverSchema)
def grant_waiver(body: dict[str, Any], package: str) -> Waiver:
    """Set a rule that kept a release out aside for this app, for a while."""
    return service.grant(uow(), actor(), package, **body)


@blp.route(
    "/<uuid:waiver_id>/revoke",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.waiver.revoke",),
)
@blp.arguments(WaiverRevocationSchema)
@blp.response(200, WaiverSchema)
def revoke_waiver(body: dict[str, Any], package: str, waiver_id: UUID) -> Waiver:
    """End a waiver before its day."""
    return service.revoke(uow(), actor(), package, waiver_id, body["reason"])
