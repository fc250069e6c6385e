"""Equipment for console automation: `/admin/v1/equipment`."""

from typing import Any
from uuid import UUID

from flask import Response

from mdm import equipment
from mdm.equipment import AssetQuery, Details, Item, Taken
from mdm.equipment import file as files
from mdm.equipment.routes import files as csv
from mdm.equipment.schemas import (
    AssetChangeSchema,
    AssetExportQuery,
    AssetQuerySchema,
    AssetRequestSchema,
    AssetSchema,
    CustodyListSchema,
    FileQuery,
    MoveSchema,
    TakeBackSchema,
    TakenSchema,
)
from muster.kernel.identity import names
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "equipment",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/equipment",
    description="What the force owns, where it is in its life, and who answers for it",
)
_MOVES = (
    "mdm.asset.move",
    "mdm.asset.report_lost",
    "mdm.asset.retire",
    "mdm.device.report_lost",
    "mdm.device.report_found",
)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.asset.list",))
@blp.arguments(AssetQuerySchema, location="query")
@blp.response(200, page_schema(AssetSchema))
def list_equipment(query: dict[str, Any]) -> Page[Item]:
    """List the equipment you may see, the newest entry first."""
    limit, after = query.pop("limit"), decode_id(query.pop("after"))
    rows = equipment.listing(uow(), actor(), AssetQuery(**query), after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.asset.register",))
@blp.arguments(AssetRequestSchema)
@blp.response(201, AssetSchema)
def register(body: dict[str, Any]) -> Item:
    """Put a new thing into the book."""
    return _shown(equipment.register(uow(), actor(), Details(**body)))


@blp.route(
    "/import",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=("mdm.asset.import",),
    limit=csv.LIMIT,
)
@blp.arguments(FileQuery, location="query")
@blp.response(200, TakenSchema)
@blp.doc(requestBody=csv.CSV)
def import_equipment(query: dict[str, Any]) -> Taken:
    """Take a CSV file: serial,model,unit and optional columns; bad rows are listed, good ones taken."""
    return files.take(uow(), actor(), csv.given(), dry_run=query["dry_run"])


@blp.route("/export", auth=Auth.CONSOLE, actions=("mdm.asset.download",))
@blp.arguments(AssetExportQuery, location="query")
@blp.doc(responses=csv.ANSWER)
def export_equipment(query: dict[str, Any]) -> Response:
    """Export the equipment you may see as CSV, at most 5,000 rows a file."""
    after = decode_id(query.pop("after"))
    text, further = files.export(uow(), actor(), AssetQuery(**query), after=after)
    return csv.answer(text, further, "equipment")


@blp.route("/<uuid:asset_id>", auth=Auth.CONSOLE, actions=("mdm.asset.read",))
@blp.response(200, AssetSchema)
def read_equipment(asset_id: UUID) -> Item:
    """Read one thing and who answers for it."""
    return _shown(equipment.read(uow(), actor(), asset_id))


@blp.route(
    "/<uuid:asset_id>",
    methods=["PATCH"],
    auth=Auth.CONSOLE,
    actions=("mdm.asset.change", "mdm.asset.register"),
)
@blp.arguments(AssetChangeSchema)
@blp.response(200, AssetSchema)
def change_equipment(body: dict[str, Any], asset_id: UUID) -> Item:
    """Change the entry; If-Match names the version you read."""
    return _shown(equipment.change(uow(), actor(), asset_id, expected_version(), body))


@blp.route("/<uuid:asset_id>/moves", methods=["POST"], auth=Auth.CONSOLE, actions=_MOVES)
@blp.arguments(MoveSchema)
@blp.response(200, AssetSchema)
def move_equipment(body: dict[str, Any], asset_id: UUID) -> Item:
    """Move a thing along: receive, repair, report_lost, report_found, inspect or retire."""
    return _shown(equipment.move(uow(), actor(), asset_id, **body))


@blp.route(
    "/<uuid:asset_id>/return",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.asset.take_back",),
)
@blp.arguments(TakeBackSchema)
@blp.response(200, AssetSchema)
def take_back(body: dict[str, Any], asset_id: UUID) -> Item:
    """Take a thing back into stock and note its condition."""
    return _shown(equipment.take_back(uow(), actor(), asset_id, **body))


@blp.route("/<uuid:asset_id>/custody", auth=Auth.CONSOLE, actions=("mdm.asset.read",))
@blp.response(200, CustodyListSchema)
def read_custody(asset_id: UUID) -> dict[str, Any]:
    """Read who had a thing, the latest first."""
    equipment.read(uow(), actor(), asset_id)
    rows = equipment.history(uow(), asset_id)
    people = names.officers(uow(), [row.officer_id for row in rows])
    units = uow().kernel.people
    return {
        "items": [
            {
                "officer": people[row.officer_id].number if row.officer_id else None,
                "pool": units.unit(row.pool_id).code if row.pool_id else None,
                "since": row.since,
                "until": row.until,
                "how": row.how,
                "condition_out": row.condition_out,
                "condition_in": row.condition_in,
                "hand_over_id": row.hand_over_id,
            }
            for row in rows
        ]
    }


def _shown(item: Item) -> Item:
    answer_version(item.asset.version)
    return item
