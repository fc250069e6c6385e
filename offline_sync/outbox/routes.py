"""`/sync/v1/outbox`: finished work comes in, signed by the terminal it was made on."""

from typing import Any

from muster.kernel.web import Auth, Blueprint, actor, uow
from offline_sync.outbox import service
from offline_sync.outbox.schemas import HandedInSchema, ItemSchema

LIMIT = 1024 * 1024 + 64 * 1024

blp = Blueprint(
    "sync_outbox",
    __name__,
    audience="field",
    url_prefix="/sync/v1/outbox",
    description="Finished work of officers, recorded once under its author's name",
)


@blp.route(
    "",
    methods=["POST"],
    auth=Auth.FIELD,
    limit=LIMIT,
    actions=("offline_sync.item.hand_in", "*"),
)
@blp.arguments(ItemSchema)
@blp.response(200, HandedInSchema)
def hand_in(body: dict[str, Any]) -> service.HandedIn:
    """Hand one item in. Its op_id makes it safe to repeat; no Idempotency-Key is needed."""
    return service.hand_in(uow(), actor(), body["item"])
