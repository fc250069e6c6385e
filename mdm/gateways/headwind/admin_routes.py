"""Headwind terminals for console automation: `/admin/v1/headwind` and beside each terminal."""

from typing import Any
from uuid import UUID

from mdm.gateways.headwind import standing, takeover
from mdm.gateways.headwind.models import ExpectedNumber
from mdm.gateways.headwind.schemas import (
    ExpectedSchema,
    FleetSchema,
    HeadwindStandingSchema,
    ImportedSchema,
    PathMoveSchema,
)
from mdm.gateways.headwind.standing import Standing
from mdm.gateways.headwind.takeover import Fleet
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
    "headwind-terminals",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Terminals with the open Headwind agent",
)


@blp.route(
    "/headwind/fleet",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.enrol_token.create",),
    limit=512 * 1024,
)
@blp.arguments(FleetSchema)
@blp.response(201, ImportedSchema)
def expect_fleet(fleet: Fleet) -> dict[str, Any]:
    """Expect the numbers of a running fleet, until a date, at its own server's hand-over."""
    rows = takeover.expect(uow(), actor(), fleet)
    return {"numbers": len(rows), "expires_at": rows[0].expires_at}


@blp.route("/headwind/fleet", auth=Auth.CONSOLE, actions=("mdm.headwind.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ExpectedSchema))
def list_fleet(query: dict[str, Any]) -> Page[ExpectedNumber]:
    """List the numbers that are expected, and those that came."""
    rows = takeover.expected(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/devices/<uuid:device_id>/headwind", auth=Auth.CONSOLE, actions=("mdm.headwind.read",))
@blp.response(200, HeadwindStandingSchema)
def read_standing(device_id: UUID) -> Standing:
    """Read how a terminal stands with this gateway, and what its agent cannot do."""
    return standing.read(uow(), actor(), device_id)


@blp.route(
    "/devices/<uuid:device_id>/headwind/move",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.headwind.move",),
)
@blp.arguments(PathMoveSchema)
@blp.response(200, HeadwindStandingSchema)
def move(body: dict[str, Any], device_id: UUID) -> Standing:
    """Offer the terminal a new secret path; do so whenever the old one may have been seen."""
    return standing.move(uow(), actor(), device_id, body["reason"])
