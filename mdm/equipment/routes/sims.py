"""SIM cards for console automation: `/admin/v1/sims`."""

from typing import Any
from uuid import UUID

from flask import Response

from mdm.equipment import Taken, sims
from mdm.equipment.routes import files as csv
from mdm.equipment.schemas import FileQuery, TakenSchema
from mdm.equipment.sims import Card, SimDetails, SimQuery
from mdm.equipment.sims.schemas import (
    PlaceSchema,
    SimChangeSchema,
    SimExportQuery,
    SimQuerySchema,
    SimRequestSchema,
    SimSchema,
    SimUsesSchema,
)
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
    "sims",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/sims",
    description="SIM cards: ICCID, number, operator, and the thing each is in",
)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.sim.list",))
@blp.arguments(SimQuerySchema, location="query")
@blp.response(200, page_schema(SimSchema))
def list_sims(query: dict[str, Any]) -> Page[Card]:
    """List the cards you may see, newest first."""
    limit, after = query.pop("limit"), decode_id(query.pop("after"))
    rows = sims.listing(uow(), actor(), SimQuery(**query), after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.sim.register",))
@blp.arguments(SimRequestSchema)
@blp.response(201, SimSchema)
def register_sim(body: dict[str, Any]) -> Card:
    """Put a new card into the book."""
    return _shown(sims.register(uow(), actor(), SimDetails(**body)))


@blp.route(
    "/import",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=("mdm.sim.import",),
    limit=csv.LIMIT,
)
@blp.arguments(FileQuery, location="query")
@blp.response(200, TakenSchema)
@blp.doc(requestBody=csv.CSV)
def import_sims(query: dict[str, Any]) -> Taken:
    """Take a CSV file: iccid,number,operator,unit and optional state, serial, note."""
    return sims.take(uow(), actor(), csv.given(), dry_run=query["dry_run"])


@blp.route("/export", auth=Auth.CONSOLE, actions=("mdm.sim.list",))
@blp.arguments(SimExportQuery, location="query")
@blp.doc(responses=csv.ANSWER)
def export_sims(query: dict[str, Any]) -> Response:
    """Export the cards you may see as CSV, at most 5,000 rows a file."""
    after = decode_id(query.pop("after"))
    text, further = sims.export(uow(), actor(), SimQuery(**query), after=after)
    return csv.answer(text, further, "sims")


@blp.route("/<uuid:sim_id>", auth=Auth.CONSOLE, actions=("mdm.sim.read",))
@blp.response(200, SimSchema)
def read_sim(sim_id: UUID) -> Card:
    """Read one card."""
    return _shown(sims.read(uow(), actor(), sim_id))


@blp.route("/<uuid:sim_id>", methods=["PATCH"], auth=Auth.CONSOLE, actions=("mdm.sim.change",))
@blp.arguments(SimChangeSchema)
@blp.response(200, SimSchema)
def change_sim(body: dict[str, Any], sim_id: UUID) -> Card:
    """Change number, operator, state or note; If-Match names the version you read."""
    return _shown(sims.change(uow(), actor(), sim_id, expected_version(), body))


@blp.route(
    "/<uuid:sim_id>/place",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=("mdm.sim.change", "mdm.asset.change"),
)
@blp.arguments(PlaceSchema)
@blp.response(200, SimSchema)
def place_sim(body: dict[str, Any], sim_id: UUID) -> Card:
    """Put a card into a thing, or take it out."""
    return _shown(sims.place(uow(), actor(), sim_id, body["asset_id"]))


@blp.route("/<uuid:sim_id>/uses", auth=Auth.CONSOLE, actions=("mdm.sim.read",))
@blp.response(200, SimUsesSchema)
def list_uses(sim_id: UUID) -> dict[str, Any]:
    """List what a card was in, the latest first."""
    return {
        "items": [
            {
                "asset_id": asset.id,
                "serial": asset.serial,
                "since": use.since,
                "until": use.until,
            }
            for use, asset in sims.uses(uow(), actor(), sim_id)
        ]
    }


def _shown(card: Card) -> Card:
    answer_version(card.sim.version)
    return card
