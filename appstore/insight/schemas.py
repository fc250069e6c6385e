"""Wire shapes of insight."""

from marshmallow import Schema, fields


class AppLikedSchema(Schema):
    """How officers rated."""

    count = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)
    stars = fields.Dict(required=True, metadata={"description": "How many gave 1 to 5 stars"})


class VersionInsightSchema(Schema):
    """One version in use."""

    version_code = fields.Integer(required=True)
    version_name = fields.String(
        required=True, metadata={"description": "Empty for one the store does not know"}
    )
    installed = fields.Integer(
        required=True, metadata={"description": "Terminals in service that run it"}
    )
    failed = fields.Integer(
        required=True, metadata={"description": "Terminals where installing it failed last"}
    )
    crashes = fields.Integer(required=True)
    crash_places = fields.Integer(required=True)
    liked = fields.Nested(AppLikedSchema, required=True)
    open_faults = fields.Integer(required=True)


class InstallFailureSchema(Schema):
    """One reason for failed installations."""

    version_code = fields.Integer(required=True, allow_none=True)
    detail = fields.String(required=True)
    terminals = fields.Integer(required=True)


class AdoptionDaySchema(Schema):
    """The terminals that had the app at the end of a day."""

    day = fields.Date(required=True)
    terminals = fields.Integer(required=True)
    by_version = fields.Dict(required=True)


class AppInsightSchema(Schema):
    """How an app does once it is out."""

    package = fields.String(attribute="app.package", required=True)
    installed = fields.Integer(required=True)
    versions = fields.List(
        fields.Nested(VersionInsightSchema),
        required=True,
        metadata={"description": "The newest first, thirty at most"},
    )
    failures = fields.List(
        fields.Nested(InstallFailureSchema),
        required=True,
        metadata={"description": "The reason of most terminals first, twenty at most"},
    )
    liked = fields.Nested(AppLikedSchema, required=True)
    open_faults = fields.Integer(required=True)
    history = fields.List(
        fields.Nested(AdoptionDaySchema),
        required=True,
        metadata={"description": "Thirty days at most, the oldest first"},
    )
