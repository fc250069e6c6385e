"""How a route opens an event stream: the worker decides, the front holds the connection."""

import json

from flask import Response, request

from muster.kernel.errors import DomainError
from muster.kernel.streams import Subscription

HELD_BY_FRONT = "muster.front"
HEADER = "X-Muster-Stream"


class StreamsElsewhere(DomainError):
    code, status = "streams_elsewhere", 503
    title = "Event streams are served by the edge process. Poll instead, or ask your operator."


def stream(subscription: Subscription) -> Response:
    """Hand the connection to the front; raises `StreamsElsewhere` when there is none."""
    if not request.environ.get(HELD_BY_FRONT):
        raise StreamsElsewhere
    held = json.dumps({"topics": subscription.topics, "gates": subscription.gates})
    return Response(status=200, content_type="text/event-stream", headers={HEADER: held})
