"""Wire shapes of wearables and of the codes that let them in."""

from marshmallow import Schema, fields, validate

from mdm.devices.classes import CARRIED


class InviteSchema(Schema):
    """What is to come in through the terminal that asks."""

    device_class = fields.String(required=True, validate=validate.OneOf(CARRIED))


class InvitationSchema(Schema):
    """A code for one wearable, shown this once."""

    content = fields.Dict(
        required=True, metadata={"description": "What the wearable scans: as of an enrolment code"}
    )
    expires_at = fields.AwareDateTime(required=True)


class CompanionSchema(Schema):
    """A wearable and its own standing; `compliant` says if officers see data on it now."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    device_class = fields.String(required=True)
    state = fields.String(required=True)
    compliant = fields.Boolean(required=True)
    last_seen = fields.AwareDateTime(required=True, allow_none=True)


class CompanionsSchema(Schema):
    """A terminal's wearables, and for a wearable the terminal that it belongs to."""

    parent_id = fields.UUID(required=True, allow_none=True)
    items = fields.List(fields.Nested(CompanionSchema), required=True)
