"""How a route opens a stream or a long poll: the worker decides, the front holds the connection."""

import json

from flask import Response, request

from muster.kernel.errors import DomainError
from muster.kernel.streams import Subscription

HELD_BY_FRONT = "muster.front"
HEADER = "X-Muster-Stream"
HOLD = "X-Muster-Hold"


class StreamsElsewhere(DomainError):
    code, status = "streams_elsewhere", 503
    title = "Event streams are served by the edge process. Poll instead, or ask your operator."


def stream(subscription: Subscription) -> Response:
    """Hand the connection to the front; raises `StreamsElsewhere` when there is none."""
    return _held(subscription, "text/event-stream")


def long_poll(subscription: Subscription, wait: float) -> Response:
    """Have the front answer the first message as JSON, or 204 after `wait` seconds or at a gate.

    Raises `StreamsElsewhere` when there is no front. The front must know the path.
    """
    return _held(subscription, "application/json", wait=wait)


def _held(subscription: Subscription, content_type: str, **more: float) -> Response:
    if not request.environ.get(HELD_BY_FRONT):
        raise StreamsElsewhere
    held = json.dumps({"topics": subscription.topics, "gates": subscription.gates, **more})
    return Response(status=200, content_type=content_type, headers={HEADER: held})


def hold(empty: Response, subscription: Subscription, seconds: int) -> Response:
    """Have the front keep a poll that found nothing; it asks again at news and ends with `empty`.

    Where no front is, `empty` is the answer at once: the client polls again.
    """
    if request.environ.get(HELD_BY_FRONT):
        topics = [*subscription.topics, *subscription.gates]
        empty.headers[HOLD] = json.dumps({"topics": topics, "seconds": seconds})
    return empty
