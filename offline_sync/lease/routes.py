"""`/sync/v1/lease`, and the stream of hints to pull `/sync/v1/events`."""

from typing import Any

from flask import Response

from muster.kernel.web import Auth, Blueprint, Mode, actor, stream, uow
from offline_sync import streams
from offline_sync.lease import service
from offline_sync.lease.schemas import LeaseSchema

blp = Blueprint(
    "sync",
    __name__,
    audience="field",
    url_prefix="/sync/v1",
    description="What may be held offline, and when to look again",
)


@blp.route("/lease", auth=Auth.FIELD, mode=Mode.WRITES, actions=("offline_sync.lease.take",))
@blp.response(200, LeaseSchema)
def take_lease() -> dict[str, Any]:
    """Return the signed list of scopes this terminal may hold, and until when."""
    return service.take(uow(), actor())


@blp.route(
    "/events",
    auth=(Auth.CLIENT, Auth.FIELD),
    surface="sync",
    actions=("offline_sync.events.open",),
)
@blp.doc(
    responses={
        "200": {
            "description": "Server-sent events whose data is `{event: RESYNC, scopes: [id]}`",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    }
)
def events() -> Response:
    """Say when to pull: scope ids and no data. After a reconnect, pull once."""
    return stream(streams.open(uow(), actor()))
