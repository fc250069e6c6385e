"""People for console automation: officers, lock-outs and imports under `/admin/v1`."""

from typing import Any
from uuid import UUID

from flask import request

from muster.kernel.errors import Malformed
from muster.kernel.identity import officers
from muster.kernel.identity import people as imports
from muster.kernel.identity.models import Officer
from muster.kernel.identity.people_file import MAX_BYTES
from muster.kernel.identity.schemas import (
    ImportQuery,
    LockoutReleaseSchema,
    LockoutsSchema,
    OfficerQuery,
    OfficerSchema,
    ReasonSchema,
    ReportSchema,
)
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_text, page, page_schema, uow

blp = Blueprint(
    "people",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Officers, their lock-outs, and imports of people and units",
)
_CSV = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
_CSV_LIMIT = MAX_BYTES + 1


@blp.route("/officers", auth=Auth.CONSOLE, actions=("identity.officer.read",))
@blp.arguments(OfficerQuery, location="query")
@blp.response(200, page_schema(OfficerSchema))
def list_officers(query: dict[str, Any]) -> Page[Officer]:
    """List officers of a unit and all below it, by number."""
    rows = officers.listing(
        uow(),
        actor(),
        unit=query["unit"],
        state=query["state"],
        after=decode_text(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.number])


@blp.route(
    "/officers/<uuid:officer_id>/suspend",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officer.suspend",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, OfficerSchema)
def suspend_officer(body: dict[str, Any], officer_id: UUID) -> Officer:
    """Suspend an officer; every session of theirs is refused from the next request on."""
    return officers.suspend(uow(), actor(), officer_id, body["reason"])


@blp.route(
    "/officers/<uuid:officer_id>/reinstate",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officer.reinstate",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, OfficerSchema)
def reinstate_officer(body: dict[str, Any], officer_id: UUID) -> Officer:
    """Let a suspended officer sign in again."""
    return officers.reinstate(uow(), actor(), officer_id, body["reason"])


@blp.route(
    "/lockouts",
    auth=Auth.CONSOLE,
    actions=("identity.lockout.read",),
)
@blp.response(200, LockoutsSchema)
def list_lockouts() -> dict[str, Any]:
    """List who is locked out and whom you may release."""
    return {"items": officers.locked(uow(), actor())}


@blp.route(
    "/lockouts/release",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.lockout.release",),
)
@blp.arguments(LockoutReleaseSchema)
@blp.response(204)
def release_lockout(body: dict[str, Any]) -> None:
    """Release a lock-out; nobody releases their own."""
    officers.release(uow(), actor(), body["subject"], body["reason"])


@blp.route(
    "/units/import",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.units.import",),
    limit=_CSV_LIMIT,
)
@blp.arguments(ImportQuery, location="query")
@blp.response(200, ReportSchema)
@blp.doc(requestBody=_CSV)
def import_units(query: dict[str, Any]) -> imports.Report:
    """Import `units.csv`: code,name,parent."""
    return imports.import_units(uow(), actor(), _csv(), dry_run=query["dry_run"])


@blp.route(
    "/officers/import",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officers.import",),
    limit=_CSV_LIMIT,
)
@blp.arguments(ImportQuery, location="query")
@blp.response(200, ReportSchema)
@blp.doc(requestBody=_CSV)
def import_officers(query: dict[str, Any]) -> imports.Report:
    """Import `officers.csv`: number,name,kind,unit,rank,roles,valid_from,valid_until."""
    return imports.import_officers(uow(), actor(), _csv(), dry_run=query["dry_run"])


def _csv() -> bytes:
    if request.mimetype not in ("text/csv", "application/octet-stream"):
        raise Malformed("Send the file as the body, with Content-Type: text/csv.")
    return request.get_data()
