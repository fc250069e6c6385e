"""Wire shapes of mass orders."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate, validates_schema
from marshmallow.exceptions import ValidationError

from mdm.commands.bodies import checked
from mdm.commands.states import KINDS
from mdm.wire import reason, text

_KINDS = [kind for kind in KINDS if kind != "reset_passcode"]


class TargetsSchema(Schema):
    """Whom it concerns: exactly one of the three."""

    devices = fields.List(fields.UUID(), validate=validate.Length(1, 1000))
    group = fields.UUID()
    unit = text(64, 1, metadata={"description": "Unit code and all below it"})

    @validates_schema
    def check_one(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse none and several."""
        if len(data) != 1:
            raise ValidationError("Give devices, a group or a unit: one of them.")


class PlacingSchema(Schema):
    """A command for many; one passcode for many terminals would be none."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    reason = reason()
    body = fields.Dict(keys=fields.String(), load_default=dict)
    targets = fields.Nested(TargetsSchema, required=True)

    @post_load
    def check_body(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Let the kind's own schema read the body."""
        return data | {"body": checked(data["kind"], data["body"])}


class DeviceOrderSchema(Schema):
    """A mass order."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    body = fields.Dict(required=True)
    reason = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={
            "description": "awaiting a second person, running, done; or how the request ended"
        },
    )
    targets = fields.Integer(
        required=True, metadata={"description": "Terminals on the frozen list"}
    )
    targets_hash = fields.String(required=True)
    requested_by = fields.UUID(required=True)
    approved_by = fields.UUID(allow_none=True)
    approval_id = fields.UUID(allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(allow_none=True)


class ProgressSchema(Schema):
    """How an order stands."""

    order = fields.Nested(DeviceOrderSchema, required=True)
    state = fields.String(required=True)
    turns = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Terminals waiting, accepted, refused"},
    )
    commands = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Commands given, by state"},
    )


class TargetLineSchema(Schema):
    """One terminal of an order."""

    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Why it was refused"})
    command_state = fields.String(required=True)
    command_code = fields.String(required=True)
