"""Wire shapes of managed configurations."""

from marshmallow import Schema, fields, validate

from appstore.wire import text


class AppRestrictionSchema(Schema):
    """One key that the app declares it can be told."""

    key = fields.String(required=True)
    type = fields.String(
        required=True,
        metadata={
            "description": "bool, string, integer, choice, multi-select, bundle, bundle_array, hidden"
        },
    )
    title = fields.String(required=True)
    description = fields.String(required=True)
    default = fields.Raw(required=True, allow_none=True)
    choices = fields.List(
        fields.Dict(), required=True, metadata={"description": "Of a choice: value and label"}
    )
    nested = fields.List(
        fields.Dict(), required=True, metadata={"description": "Of a bundle: its keys, like these"}
    )


class AppDeclarationSchema(Schema):
    """What the newest approved release declares."""

    release_id = fields.UUID(required=True)
    version_code = fields.Integer(required=True)
    version_name = fields.String(required=True)
    restrictions = fields.List(fields.Nested(AppRestrictionSchema), required=True)


class AppConfigSchema(Schema):
    """The values of an app for one group of terminals, or for everybody."""

    scope = fields.String(required=True, metadata={"description": "everybody, or a group's id"})
    group = fields.String(
        attribute="group.name", metadata={"description": "The group's name; absent for everybody"}
    )
    values = fields.Dict(
        required=True,
        metadata={"description": "By key; secrets read ••• without the right to edit"},
    )
    secrets = fields.List(fields.String(), required=True)
    misfits = fields.Dict(
        required=True,
        metadata={"description": "By version code the keys it does not take: left out there"},
    )
    editable = fields.Boolean(required=True, metadata={"description": "You may change it"})
    version = fields.Integer(
        required=True, metadata={"description": 'Send it as If-Match: "v<number>"'}
    )
    updated_by = fields.UUID(required=True)
    updated_at = fields.AwareDateTime(required=True)


class AppConfigsSchema(Schema):
    """What an app can be told, and what it is told."""

    declaration = fields.Nested(AppDeclarationSchema, required=True, allow_none=True)
    items = fields.List(fields.Nested(AppConfigSchema), required=True)


class AppConfigPutSchema(Schema):
    """All values for one scope: what is not named is no longer said here."""

    values = fields.Dict(
        keys=text(500),
        required=True,
        metadata={"description": "By key, as the declaration says; 64 KB at most"},
    )
    secrets = fields.List(
        text(500),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={"description": "Keys whose values only those see who may edit them"},
    )


class AppConfigPreviewQuery(Schema):
    """Whose values."""

    device_id = fields.UUID(required=True)


class AppConfigPreviewSchema(Schema):
    """What one terminal is told."""

    terminal = fields.String(required=True)
    version_code = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The version that runs there"}
    )
    values = fields.Dict(required=True)
    said_by = fields.Dict(required=True, metadata={"description": "The group behind each value"})
    left_out = fields.List(
        fields.String(), required=True, metadata={"description": "Keys this version does not take"}
    )
