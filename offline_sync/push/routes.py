"""`/sync/v1/<collection>/push`: RxDB's rows in, the states of those not applied out."""

from flask import Response, request

from muster.kernel.web import Auth, Blueprint, actor, uow
from offline_sync.push.service import Edit, push
from offline_sync.wire import PushRowSchema, encode, read_push

LIMIT = 4 * 1024 * 1024
_ROWS = {"content": {"application/json": {"schema": PushRowSchema(many=True)}}}

blp = Blueprint(
    "sync_push",
    __name__,
    audience="field",
    url_prefix="/sync/v1",
    description="What changed on a terminal (RxDB replication)",
)


@blp.route(
    "/<name>/push",
    methods=["POST"],
    auth=(Auth.CLIENT, Auth.FIELD),
    surface="sync",
    limit=LIMIT,
    actions=("offline_sync.collection.push", "*"),
)
@blp.doc(
    requestBody=_ROWS,
    responses={
        "200": {
            "description": "The server's states of the rows that were not applied; `[]`: all were",
            "content": {
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}}
            },
        }
    },
)
def take(name: str) -> Response:
    """Apply edits row by row. Sent twice, they are applied once; no Idempotency-Key is needed."""
    edits = [
        Edit(row.new_document_state, row.assumed_master_state)
        for row in read_push(request.get_data())
    ]
    return Response(encode(push(uow(), actor(), name, edits)), content_type="application/json")
