"""The documented shapes of pull and push."""

from marshmallow import RAISE, Schema, fields, validate

from offline_sync.wire.codec import DEFAULT_ROWS, MOST_ROWS

_LIMIT = validate.Range(1, MOST_ROWS)


class CursorSchema(Schema):
    """A checkpoint. Keep it beside the rows; what is in it is the server's business."""

    class Meta:
        unknown = RAISE

    token = fields.String(required=True, validate=validate.Length(1, 65536))


class PullRequestSchema(Schema):
    """Ask for what changed since a checkpoint; without one, for everything."""

    class Meta:
        unknown = RAISE

    checkpoint = fields.Nested(CursorSchema, load_default=None, allow_none=True)
    limit = fields.Integer(load_default=DEFAULT_ROWS, validate=_LIMIT, strict=True)
    digest = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class PullQuery(Schema):
    """The same in the query of a GET; `checkpoint` is the token alone."""

    checkpoint = fields.String(load_default=None, validate=validate.Length(1, 65536))
    limit = fields.Integer(load_default=DEFAULT_ROWS, validate=_LIMIT)
    digest = fields.Boolean(load_default=False)


class DigestSchema(Schema):
    """What the terminal must hold once it is up to date.

    `sum` adds, for each document, the first four bytes (big-endian) of SHA-256 over
    `<id>` line feed `<rev>`.
    """

    count = fields.Integer(required=True)
    sum = fields.Integer(required=True)


class PullAnswerSchema(Schema):
    """A page of documents: bodies with `id`, `rev`, `_deleted`, or tombstones `{id, _deleted: true}`.

    Fewer documents than asked for means the terminal is up to date. `reset: true` says to drop every
    row of the collection, but no unsent work, and to begin without a checkpoint.
    """

    documents = fields.List(fields.Dict(), required=True)
    checkpoint = fields.Nested(CursorSchema, required=True, allow_none=True)
    digest = fields.Nested(DigestSchema)
    reset = fields.Boolean()


class PushRowSchema(Schema):
    """One edit: the state it wants, and the one the terminal had from the server."""

    class Meta:
        unknown = RAISE

    newDocumentState = fields.Dict(required=True)  # noqa: N815 - RxDB's name
    assumedMasterState = fields.Dict(load_default=None, allow_none=True)  # noqa: N815
