"""Wire shapes of what terminals fetch."""

from marshmallow import Schema, fields, validate


class DesiredAppSchema(Schema):
    """One app a terminal is to have (required) or may have (available)."""

    package = fields.String(required=True)
    version_code = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    signer = fields.String(
        required=True, metadata={"description": "SHA-256 of the signing certificate"}
    )
    mode = fields.String(required=True, validate=validate.OneOf(["required", "available"]))
    url = fields.String(required=True, metadata={"description": "Path of this server"})


class DesiredAppsSchema(Schema):
    """All apps of a terminal."""

    items = fields.List(fields.Nested(DesiredAppSchema), required=True)
