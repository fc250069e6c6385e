"""The wire of pull and push: fast codecs (msgspec) and the documented shapes (marshmallow).

Both say the same; a test holds them to it. The shapes are RxDB's replication protocol with our
additions: `digest`, `reset`, `rev`.
"""

from offline_sync.wire.codec import (
    Cursor,
    PullRequest,
    PushRow,
    as_json,
    encode,
    pull_answer,
    read_pull,
    read_push,
)
from offline_sync.wire.schemas import PullAnswerSchema, PullQuery, PullRequestSchema, PushRowSchema

__all__ = [
    "Cursor",
    "PullAnswerSchema",
    "PullQuery",
    "PullRequest",
    "PullRequestSchema",
    "PushRow",
    "PushRowSchema",
    "as_json",
    "encode",
    "pull_answer",
    "read_pull",
    "read_push",
]
