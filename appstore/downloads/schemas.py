"""Wire shapes of what terminals fetch."""

from marshmallow import Schema, fields, validate

from appstore.rollouts.conditions import ConditionsSchema


class DesiredAppSchema(Schema):
    """One app a terminal is to have (required), may have (available), or must not (blocked).

    A blocked one has its package and mode only, and a reason if its installed release was blocked.
    """

    package = fields.String(required=True)
    kind = fields.String(validate=validate.OneOf(["apk", "apks", "web"]))
    version_code = fields.Integer()
    sha256 = fields.String()
    size = fields.Integer(metadata={"description": "Bytes"})
    signer = fields.String(metadata={"description": "SHA-256 of the signing certificate"})
    mode = fields.String(
        required=True, validate=validate.OneOf(["required", "available", "blocked"])
    )
    reason = fields.String(
        validate=validate.OneOf(["release_blocked"]),
        metadata={"description": "Remove the release `version_code` names, or suspend it"},
    )
    url = fields.String(metadata={"description": "Path of this server"})
    conditions = fields.Nested(ConditionsSchema)
    deadline = fields.String(
        metadata={"description": "RFC 3339; after it the conditions hold no more"}
    )
    files = fields.List(
        fields.Dict(), metadata={"description": "Splits of a set: name, applies_to, sha256, size"}
    )
    web = fields.Dict(metadata={"description": "Of a web app: address, icon, scopes, bundle"})
    config = fields.Dict(metadata={"description": "Managed configuration of the app"})
    reinstall = fields.Dict(
        metadata={"description": "An order to remove what is installed and install this: data loss"}
    )


class DesiredAppsSchema(Schema):
    """All apps of a terminal; `signed` is a sealed manifest of kind `apps` with the same entries."""

    items = fields.List(fields.Nested(DesiredAppSchema), required=True)
    signed = fields.Dict(required=True)
