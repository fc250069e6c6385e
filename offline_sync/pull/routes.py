"""`/sync/v1/<collection>/pull`: the hot path, so bodies go through msgspec."""

import hashlib
from typing import Any

from flask import Response, request

from muster.kernel.web import Auth, Blueprint, Mode, actor, uow
from offline_sync.pull.service import Pulled, pull
from offline_sync.wire import PullAnswerSchema, PullQuery, PullRequestSchema, pull_answer, read_pull

LIMIT = 128 * 1024
ACTIONS = ("offline_sync.collection.pull",)

blp = Blueprint(
    "sync_pull",
    __name__,
    audience="field",
    url_prefix="/sync/v1",
    description="What changed on the server (RxDB replication)",
)


@blp.route(
    "/<name>/pull",
    auth=(Auth.CLIENT, Auth.FIELD),
    surface="sync",
    mode=Mode.SNAPSHOT,
    actions=ACTIONS,
)
@blp.arguments(PullQuery, location="query")
@blp.response(200, PullAnswerSchema)
@blp.alt_response(304, description="Nothing changed since the answer with this ETag")
def look(query: dict[str, Any], name: str) -> Response:
    """Return what changed since a checkpoint; with If-None-Match, 304 when nothing did."""
    page = pull(
        uow(),
        actor(),
        name,
        query["checkpoint"],
        query["limit"],
        with_digest=query["digest"],
    )
    answer = _answer(page)
    if page.settled and not query["digest"]:
        answer.set_etag(hashlib.sha256(page.token.encode()).hexdigest()[:32])
        answer.make_conditional(request)
    return answer


@blp.route(
    "/<name>/pull",
    methods=["POST"],
    auth=(Auth.CLIENT, Auth.FIELD),
    surface="sync",
    mode=Mode.SNAPSHOT,
    limit=LIMIT,
    actions=ACTIONS,
)
@blp.doc(requestBody={"content": {"application/json": {"schema": PullRequestSchema}}})
@blp.response(200, PullAnswerSchema)
def ask(name: str) -> Response:
    """Return what changed since a checkpoint, for clients with long checkpoints."""
    asked = read_pull(request.get_data())
    token = asked.checkpoint.token if asked.checkpoint else None
    return _answer(pull(uow(), actor(), name, token, asked.limit, with_digest=asked.digest))


def _answer(page: Pulled) -> Response:
    return Response(pull_answer(page), content_type="application/json")
