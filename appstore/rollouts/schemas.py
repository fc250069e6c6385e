"""Wire shapes of rollouts."""

from marshmallow import Schema, fields, validate

from appstore.wire import reason

_PERCENT = validate.Range(1, 100)


class RolloutStartSchema(Schema):
    """Into which ring a release goes, how far, and how."""

    group_id = fields.UUID(required=True)
    percent = fields.Integer(load_default=100, strict=True, validate=_PERCENT)
    mode = fields.String(
        load_default="required", validate=validate.OneOf(["required", "available"])
    )
    reason = reason()


class RolloutRaiseSchema(Schema):
    """The new percentage; it never falls."""

    percent = fields.Integer(required=True, strict=True, validate=_PERCENT)


class RolloutSchema(Schema):
    """A release on its way into a ring."""

    id = fields.UUID(required=True)
    release_id = fields.UUID(required=True)
    group_id = fields.UUID(required=True)
    percent = fields.Integer(required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["rolling", "halted"]))
    started_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    version = fields.Integer(
        required=True, metadata={"description": 'Send it as If-Match: "v<number>"'}
    )


class HealthSchema(Schema):
    """Counts of terminals in service."""

    ring = fields.Integer(required=True)
    targeted = fields.Integer(required=True)
    installed = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class RingSchema(Schema):
    """A rollout with its ring and how it does."""

    rollout = fields.Nested(RolloutSchema, required=True)
    group = fields.String(attribute="group.name", required=True)
    health = fields.Nested(HealthSchema, required=True)


class RingsSchema(Schema):
    """The rings of a release."""

    items = fields.List(fields.Nested(RingSchema), required=True)
