"""Wire shapes of the outbox."""

from marshmallow import Schema, fields, validate


class ItemSchema(Schema):
    """A signed item: a compact JWS, ES256, `typ` muster-item+jwt, with the terminal's key as `jwk`.

    Its payload is JSON: `op_id` (8 to 64 characters, new for each item), `kind`, `session_id` (`sid`
    of the session it was made under), `device_time` (RFC 3339), `body`, and, if the terminal knows
    them, `boot_id` and `elapsed_ms` since that boot.
    """

    item = fields.String(required=True, validate=validate.Length(1, 1024 * 1024))


class HandedInSchema(Schema):
    """What became of an item; the same again when it is sent again."""

    op_id = fields.String(required=True)
    status = fields.String(
        required=True,
        validate=validate.OneOf(["recorded", "kept"]),
        metadata={"description": "kept: not recorded now, but safe with a supervisor"},
    )
    reference = fields.String(required=True, metadata={"description": "The record's id"})
    author = fields.UUID(required=True, metadata={"description": "The officer whose work it is"})
    flags = fields.List(fields.String(), required=True)
    result = fields.Dict(
        allow_none=True, metadata={"description": "The owner's answer, for 72 hours"}
    )
