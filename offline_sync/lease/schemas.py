"""Wire shape of the lease."""

from marshmallow import Schema, fields


class LeaseSchema(Schema):
    """A signed manifest of kind `lease`; its signature covers RFC 8785 canonical JSON."""

    manifest = fields.Dict(
        required=True,
        metadata={
            "description": "`{kind, id (terminal), version, issued, expires, officer, "
            "collections: {name: [scope key]}, files: []}`"
        },
    )
    key_id = fields.String(required=True)
    algorithm = fields.String(required=True)
    signature = fields.String(required=True)
