"""Mass orders for console automation: `POST /admin/v1/commands`, `/admin/v1/orders`."""

from typing import Any
from uuid import UUID

from flask import jsonify

from mdm.commands.states import KINDS
from mdm.orders import service
from mdm.orders.models import Order
from mdm.orders.placing import PLACE, PLACE_MANY, Targets, place
from mdm.orders.schemas import (
    DeviceOrderSchema,
    PlacingSchema,
    ProgressSchema,
    TargetLineSchema,
)
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
    "orders",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="One command to many terminals",
)


@blp.route(
    "/commands",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=(PLACE, PLACE_MANY, *(f"mdm.device.{kind}" for kind in KINDS)),
    limit=131_072,
)
@blp.arguments(PlacingSchema)
@blp.response(201, DeviceOrderSchema)
@blp.alt_response(202, schema=DeviceOrderSchema, description="Awaits a second person, or runs")
def place_order(body: dict[str, Any]) -> Any:
    """Give many terminals one command; above the house's number a second person must agree."""
    targets = Targets(**body.pop("targets"))
    order = place(uow(), actor(), targets, **body)
    if order.state == "done":
        return order
    uow().session.flush()
    awaited = jsonify(DeviceOrderSchema().dump(order))
    awaited.status_code = 202
    return awaited


@blp.route("/orders", auth=Auth.CONSOLE, actions=("mdm.order.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(DeviceOrderSchema))
def list_orders(query: dict[str, Any]) -> Page[Order]:
    """List the orders you may read, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/orders/<uuid:order_id>", auth=Auth.CONSOLE, actions=("mdm.order.read",))
@blp.response(200, ProgressSchema)
def read_order(order_id: UUID) -> service.Progress:
    """Read how far an order is."""
    return service.read(uow(), actor(), order_id)


@blp.route("/orders/<uuid:order_id>/targets", auth=Auth.CONSOLE, actions=("mdm.order.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(TargetLineSchema))
def list_targets(query: dict[str, Any], order_id: UUID) -> Page[service.TargetLine]:
    """List the frozen terminals of an order with what became of each."""
    rows = service.targets(
        uow(), actor(), order_id, after=decode_id(query["after"]), limit=query["limit"]
    )
    return page(rows, query["limit"], lambda row: [row.device_id])
