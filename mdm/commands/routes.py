"""Commands for console automation: `/admin/v1/devices/{id}/commands`, `/admin/v1/commands`."""

from typing import Any
from uuid import UUID

from flask import jsonify

from mdm.commands import service
from mdm.commands.models import Command
from mdm.commands.schemas import AwaitedSchema, CancelSchema, CommandSchema, OrderSchema
from mdm.commands.states import KINDS
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
    "commands",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Orders to terminals",
)
_ORDERS = tuple(f"mdm.device.{kind}" for kind in KINDS)


@blp.route(
    "/devices/<uuid:device_id>/commands", methods=["POST"], auth=Auth.CONSOLE, actions=_ORDERS
)
@blp.arguments(OrderSchema)
@blp.response(201, CommandSchema)
@blp.alt_response(202, schema=AwaitedSchema, description="A wipe awaits a second person")
def order(body: dict[str, Any], device_id: UUID) -> Any:
    """Give a command; a wipe only asks for one (202), a second person must agree."""
    if body["kind"] == "wipe":
        asked = service.ask_wipe(uow(), actor(), device_id, body["reason"])
        awaited = jsonify(AwaitedSchema().dump(asked))
        awaited.status_code = 202
        return awaited
    return service.order(uow(), actor(), device_id, **body)


@blp.route("/devices/<uuid:device_id>/commands", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(CommandSchema))
def list_commands(query: dict[str, Any], device_id: UUID) -> Page[Command]:
    """List a terminal's commands, newest first."""
    rows = service.listing(
        uow(), actor(), device_id, after=decode_id(query["after"]), limit=query["limit"]
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/commands/<uuid:command_id>/cancel",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.command.cancel",),
)
@blp.arguments(CancelSchema)
@blp.response(200, CommandSchema)
def cancel(body: dict[str, Any], command_id: UUID) -> Command:
    """Take back a command that the terminal has not been given yet."""
    return service.cancel(uow(), actor(), command_id, body["reason"])
