"""Stock-takes for console automation: `/admin/v1/stock-takes`."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from mdm.equipment import Asset, stock_takes
from mdm.equipment.stock_takes import StockLine, StockTake
from mdm.equipment.stock_takes.schemas import (
    LineQuerySchema,
    MissingSchema,
    ReportMissingSchema,
    ScannedSchema,
    ScanSchema,
    StockLineSchema,
    StockTakeDetailSchema,
    StockTakeRequestSchema,
    StockTakeSchema,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_id,
    decode_text,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "stock-takes",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/stock-takes",
    description="Counting equipment by scanning it",
)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.stock_take.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(StockTakeSchema))
def list_stock_takes(query: dict[str, Any]) -> Page[StockTake]:
    """List the stock-takes you may see, newest first."""
    limit, after = query["limit"], decode_id(query["after"])
    rows = stock_takes.listing(uow(), actor(), after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.stock_take.begin",))
@blp.arguments(StockTakeRequestSchema)
@blp.response(201, StockTakeDetailSchema)
def begin(body: dict[str, Any]) -> dict[str, Any]:
    """Begin to count a unit and all below it."""
    return _counted(stock_takes.begin(uow(), actor(), **body))


@blp.route("/<uuid:take_id>", auth=Auth.CONSOLE, actions=("mdm.stock_take.read",))
@blp.response(200, StockTakeDetailSchema)
def read_stock_take(take_id: UUID) -> dict[str, Any]:
    """Read a stock-take and how far it is."""
    return _counted(stock_takes.read(uow(), actor(), take_id))


@blp.route(
    "/<uuid:take_id>/scans",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.stock_take.scan",),
    limit=64 * 1024,
)
@blp.arguments(ScanSchema)
@blp.response(200, ScannedSchema)
def scan(body: dict[str, Any], take_id: UUID) -> dict[str, Any]:
    """Count serial numbers; one that was scanned before is the same line again."""
    return {"items": stock_takes.scan(uow(), actor(), take_id, body["serials"])}


@blp.route("/<uuid:take_id>/lines", auth=Auth.CONSOLE, actions=("mdm.stock_take.read",))
@blp.arguments(LineQuerySchema, location="query")
@blp.response(200, page_schema(StockLineSchema))
def list_lines(query: dict[str, Any], take_id: UUID) -> Page[StockLine]:
    """List what was scanned, and once it is closed what is missing, the latest first."""
    limit = query["limit"]
    rows = stock_takes.lines(
        uow(),
        actor(),
        take_id,
        result=query["result"],
        after=decode_id(query["after"]),
        limit=limit,
    )
    return page(rows, limit, lambda row: [row.id])


@blp.route("/<uuid:take_id>/missing", auth=Auth.CONSOLE, actions=("mdm.stock_take.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(MissingSchema))
def list_missing(query: dict[str, Any], take_id: UUID) -> Page[Asset]:
    """List what was not scanned yet, by serial number."""
    after, limit = decode_text(query["after"]) or "", query["limit"]
    rows = stock_takes.missing(uow(), actor(), take_id, after=after, limit=limit)
    return page(rows, limit, lambda row: [row.serial])


@blp.route(
    "/<uuid:take_id>/close", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.stock_take.close",)
)
@blp.response(200, StockTakeDetailSchema)
def close(take_id: UUID) -> dict[str, Any]:
    """Write the result down for good."""
    return _counted(stock_takes.close(uow(), actor(), take_id))


@blp.route(
    "/<uuid:take_id>/reports",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.stock_take.read", "mdm.asset.report_lost", "mdm.device.report_lost"),
)
@blp.arguments(ReportMissingSchema)
@blp.response(200, StockLineSchema)
def report_missing(body: dict[str, Any], take_id: UUID) -> StockLine:
    """Report a missing thing lost; its terminal is blocked at once."""
    return stock_takes.report_missing(uow(), actor(), take_id, body["asset_id"], body["reason"])


def _counted(take: StockTake) -> dict[str, Any]:
    told = {name: getattr(take, name) for name in StockTakeSchema().fields}
    return {**told, **asdict(stock_takes.count(uow(), take))}
