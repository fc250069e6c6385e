"""Wire shapes of groups."""

from marshmallow import Schema, fields

from mdm.wire import text


class GroupSchema(Schema):
    """A group of terminals."""

    id = fields.UUID(dump_only=True)
    name = text(100, 1, required=True)
    description = text(500, load_default="")
    unit_id = fields.UUID(dump_only=True)
    unit = text(
        64, 1, required=True, load_only=True, metadata={"description": "Code of the owning unit"}
    )


class MembersSchema(Schema):
    """The terminals of a group."""

    items = fields.List(fields.UUID(), required=True)
