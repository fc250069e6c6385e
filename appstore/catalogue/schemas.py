"""Wire shapes of the catalogue."""

from marshmallow import Schema, fields, validate

from appstore.listings.categories import CATEGORIES
from appstore.releases.schemas import ReleaseSummarySchema


class AppSchema(Schema):
    """An app of the store."""

    id = fields.UUID(required=True)
    package = fields.String(required=True)
    label = fields.String(required=True)
    label_zh = fields.String(required=True)
    category = fields.String(required=True)
    visibility = fields.String(required=True)
    unit_id = fields.UUID(required=True, metadata={"description": "The publishers' unit"})
    signers = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "SHA-256 of pinned signing certificates, the current one last"},
    )


class ListedAppSchema(Schema):
    """An app with its newest release."""

    app = fields.Nested(AppSchema, required=True)
    newest = fields.Nested(ReleaseSummarySchema, required=True, allow_none=True)


class DescribedAppSchema(Schema):
    """An app with its releases, newest first."""

    app = fields.Nested(AppSchema, required=True)
    releases = fields.List(fields.Nested(ReleaseSummarySchema), required=True)


class AppChangeSchema(Schema):
    """What may be changed about an app."""

    category = fields.String(validate=validate.OneOf(["", *CATEGORIES]))
    visibility = fields.String(
        validate=validate.OneOf(["everyone", "sworn"]),
        metadata={"description": "Which officers may fetch it: all, or sworn ones only"},
    )
