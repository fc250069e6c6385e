"""Checks for terminals at `/mobile/v1`, and their log for reviewers at `/admin/v1/checks`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from mobile_api.checks import service
from mobile_api.checks.purposes import Purpose
from mobile_api.checks.schemas import (
    CheckAnswerSchema,
    CheckLineSchema,
    CheckLogQuery,
    CheckSchema,
    PurposesSchema,
)
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

field = Blueprint(
    "checks", __name__, audience="field", url_prefix="/mobile/v1", description="Background checks"
)
admin = Blueprint(
    "check_log",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/checks",
    description="Who asked about whom, and why",
)
BLUEPRINTS = (field, admin)


@field.route(
    "/checks",
    methods=["POST"],
    auth=Auth.FIELD,
    idempotent=True,
    limit=16 * 1024,
    actions=("field.check.run", "field.check.see_detail"),
)
@field.arguments(CheckSchema)
@field.response(200, CheckAnswerSchema)
def ask(body: dict[str, Any]) -> dict[str, Any]:
    """Ask about one subject."""
    return service.ask(uow(), actor(), body)


@field.route(
    "/checks/<uuid:check_id>",
    auth=Auth.FIELD,
    actions=("field.check.read", "field.check.see_detail"),
)
@field.response(200, CheckAnswerSchema)
def read(check_id: UUID) -> dict[str, Any]:
    """Read the answer to one's own check again."""
    return service.read(uow(), actor(), check_id)


@field.route("/purposes", auth=Auth.FIELD, actions=("field.purpose.read",))
@field.response(200, PurposesSchema)
def purposes() -> dict[str, Sequence[Purpose]]:
    """List the purposes that cover the officer."""
    return {"items": service.purposes(uow(), actor())}


@admin.route("", auth=Auth.CONSOLE, actions=("field.check.list", "field.check.review"))
@admin.arguments(CheckLogQuery, location="query")
@admin.response(200, page_schema(CheckLineSchema))
def log(query: dict[str, Any]) -> Page[service.LogLine]:
    """List checks of one's units, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda line: [line.request.id])
