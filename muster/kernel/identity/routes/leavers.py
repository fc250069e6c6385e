"""Who goes, what they held, emergency accounts, and what the personnel system sent."""

from typing import Any
from uuid import UUID

from muster.kernel.identity import officers_leaving, officers_secrets
from muster.kernel.identity.credentials import ONE_TIME
from muster.kernel.identity.directory import service as directory
from muster.kernel.identity.directory.models import DirectoryRun
from muster.kernel.identity.models import Holding, Officer
from muster.kernel.identity.people_schemas import (
    DirectoryDecisionSchema,
    DirectoryRunSchema,
    EmergencyRequestSchema,
    HoldingQuery,
    HoldingSchema,
    OneTimePinSchema,
    PinResetSchema,
)
from muster.kernel.identity.schemas import OfficerSchema, ReasonSchema
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
    "leavers",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Leavers, what they held, emergency accounts, and the directory's reports",
)


@blp.route(
    "/officers/<uuid:officer_id>/retire",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officer.retire",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, OfficerSchema)
def retire_officer(body: dict[str, Any], officer_id: UUID) -> Officer:
    """Let an officer leave: nothing of theirs opens anything any more."""
    return officers_leaving.retire(uow(), actor(), officer_id, body["reason"])


@blp.route("/holdings", auth=Auth.CONSOLE, actions=("identity.holding.list",))
@blp.arguments(HoldingQuery, location="query")
@blp.response(200, page_schema(HoldingSchema))
def list_holdings(query: dict[str, Any]) -> Page[Holding]:
    """List what leavers and movers held and nobody has taken over yet, newest first."""
    rows = officers_leaving.holdings(
        uow(),
        actor(),
        unit=query["unit"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/holdings/<uuid:holding_id>/resolve",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.holding.resolve",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, HoldingSchema)
def resolve_holding(body: dict[str, Any], holding_id: UUID) -> Holding:
    """Cross one line off and say what became of the thing."""
    return officers_leaving.resolve(uow(), actor(), holding_id, body["reason"])


@blp.route(
    "/emergency-accounts",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officer.admit_for_emergency",),
)
@blp.arguments(EmergencyRequestSchema)
@blp.response(201, OneTimePinSchema)
def admit_for_emergency(body: dict[str, Any]) -> dict[str, Any]:
    """Make an account for a helper from elsewhere that ends within 72 hours."""
    officer, pin = officers_leaving.admit_for_emergency(uow(), actor(), **body)
    ends_at = min(officer.ends_at or uow().now(), uow().now() + ONE_TIME)
    return {"number": officer.number, "pin": pin, "ends_at": ends_at}


@blp.route("/pin-resets", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.pin.reset",))
@blp.arguments(PinResetSchema)
@blp.response(201, OneTimePinSchema)
def reset_pin(body: dict[str, Any]) -> dict[str, Any]:
    """Give an officer a PIN for one use; their sessions end."""
    officer, pin = officers_secrets.reset_pin(uow(), actor(), body["number"], body["reason"])
    return {"number": officer.number, "pin": pin, "ends_at": uow().now() + ONE_TIME}


@blp.route("/directory/runs", auth=Auth.CONSOLE, actions=("identity.directory.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(DirectoryRunSchema))
def list_runs(query: dict[str, Any]) -> Page[DirectoryRun]:
    """List the directory's reports, newest first."""
    rows = directory.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/directory/runs/<uuid:run_id>/decide",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.directory.decide",),
)
@blp.arguments(DirectoryDecisionSchema)
@blp.response(200, DirectoryRunSchema)
def decide_run(body: dict[str, Any], run_id: UUID) -> DirectoryRun:
    """Release the removals that wait, or refuse them."""
    return directory.decide(uow(), actor(), run_id, release=body["release"], reason=body["reason"])
