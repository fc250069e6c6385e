"""Wire shapes of rollouts."""

from marshmallow import Schema, fields, validate

from appstore.rollouts.conditions import ConditionsSchema
from appstore.wire import reason

_PERCENT = validate.Range(1, 100)
_DEADLINE = {"description": "After it a required app is installed whatever the conditions"}


class GateSchema(Schema):
    """When a rollout halts by itself; what is left out stays as by default."""

    min_reports = fields.Integer(strict=True, validate=validate.Range(1, 1_000_000))
    failed_percent = fields.Integer(strict=True, validate=validate.Range(0, 100))
    crash_percent = fields.Integer(strict=True, validate=validate.Range(0, 100))


class RolloutStartSchema(Schema):
    """Into which ring a release goes, how far, and how."""

    group_id = fields.UUID(required=True)
    percent = fields.Integer(load_default=100, strict=True, validate=_PERCENT)
    mode = fields.String(
        load_default="required", validate=validate.OneOf(["required", "available"])
    )
    conditions = fields.Nested(ConditionsSchema, load_default=dict)
    deadline = fields.AwareDateTime(load_default=None, allow_none=True, metadata=_DEADLINE)
    gate = fields.Nested(GateSchema, load_default=dict)
    reason = reason()


class RolloutChangeSchema(Schema):
    """What to change of a rollout; what is left out stays. The percentage never falls."""

    percent = fields.Integer(strict=True, validate=_PERCENT)
    conditions = fields.Nested(ConditionsSchema)
    deadline = fields.AwareDateTime(allow_none=True, metadata=_DEADLINE)
    gate = fields.Nested(GateSchema)


class RolloutSchema(Schema):
    """A release on its way into a ring."""

    id = fields.UUID(required=True)
    release_id = fields.UUID(required=True)
    group_id = fields.UUID(required=True)
    percent = fields.Integer(required=True)
    mode = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["rolling", "halted"]))
    conditions = fields.Nested(ConditionsSchema, required=True)
    deadline = fields.AwareDateTime(required=True, allow_none=True, metadata=_DEADLINE)
    started_by = fields.UUID(required=True)
    gate = fields.Nested(GateSchema, required=True)
    counted_from = fields.AwareDateTime(
        required=True, metadata={"description": "Earlier reports do not count for the gate"}
    )
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
