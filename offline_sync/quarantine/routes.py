"""The deposit door `/sync/v1/deposit`, and quarantine for supervisors `/admin/v1/quarantine`."""

from typing import Any
from uuid import UUID

from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow
from offline_sync.outbox.schemas import ItemSchema
from offline_sync.quarantine import service
from offline_sync.quarantine.models import QuarantinedItem
from offline_sync.quarantine.schemas import (
    QuarantinedItemSchema,
    QuarantineQuery,
    ReceiptSchema,
    ReleaseSchema,
)

LIMIT = 1024 * 1024 + 64 * 1024

door = Blueprint(
    "sync_deposit",
    __name__,
    audience="field",
    url_prefix="/sync/v1/deposit",
    description="Work of terminals that are refused everything else",
)
blp = Blueprint(
    "sync_quarantine",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/quarantine",
    description="Work that refused terminals handed in",
)


@door.route(
    "", methods=["POST"], auth=Auth.DEPOSIT, limit=LIMIT, actions=("offline_sync.item.deposit",)
)
@door.arguments(ItemSchema)
@door.response(202, ReceiptSchema)
def deposit(body: dict[str, Any]) -> dict[str, UUID]:
    """Hand an item in unread; sent again, it gets the same receipt."""
    return {"receipt": service.deposit(uow(), actor(), body["item"])}


@blp.route(
    "",
    auth=Auth.CONSOLE,
    actions=("offline_sync.quarantine.list", "offline_sync.quarantine.release"),
)
@blp.arguments(QuarantineQuery, location="query")
@blp.response(200, page_schema(QuarantinedItemSchema))
def list_quarantine(query: dict[str, Any]) -> Page[QuarantinedItem]:
    """List what lies there from one's units, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        state=query["state"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/<uuid:item_id>/release",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("offline_sync.quarantine.release", "*"),
)
@blp.arguments(ReleaseSchema)
@blp.response(200, QuarantinedItemSchema)
def release(body: dict[str, Any], item_id: UUID) -> QuarantinedItem:
    """Let an item in: it is recorded under its author's name."""
    return service.release(uow(), actor(), item_id, body["note"])
