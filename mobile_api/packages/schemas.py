"""Wire shapes of packages."""

from marshmallow import Schema, fields


class FieldPackageSchema(Schema):
    """A package in force. Check the manifest and the file with it before use."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "hot_list|addresses"})
    version = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    manifest = fields.Dict(
        required=True,
        metadata={"description": "{manifest, key_id, algorithm, signature}; see manifest keys"},
    )
    url = fields.String(required=True, metadata={"description": "Relative to the server"})
    expires = fields.AwareDateTime(required=True, attribute="expires_at")


class FieldPackagesSchema(Schema):
    """The packages that may be held."""

    items = fields.List(fields.Nested(FieldPackageSchema), required=True)


class ManifestKeysSchema(Schema):
    """A JWK set (RFC 7517)."""

    keys = fields.List(fields.Dict(), required=True)
