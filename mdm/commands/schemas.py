"""Wire shapes of commands."""

from typing import Any

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from mdm.commands.states import KINDS
from mdm.wire import reason, text


class OrderSchema(Schema):
    """A command to give. `message` is what a lock or a message shows on the screen."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    reason = reason()
    message = text(500, load_default="")

    @validates_schema
    def check_message(self, data: dict[str, Any], **_: Any) -> None:
        """A message must say something; only a lock may say something too."""
        kind, message = data.get("kind"), data.get("message", "").strip()
        if kind == "message" and not message:
            raise ValidationError("Write what the screen is to show.", "message")
        if message and kind not in ("message", "lock"):
            raise ValidationError(f"A {kind} shows nothing; leave this out.", "message")


class CommandSchema(Schema):
    """One command and how it stands."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    body = fields.Dict(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    requested_by = fields.UUID(allow_none=True)
    approved_by = fields.UUID(allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(allow_none=True)
    attempts = fields.Integer(required=True)
    delivered_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)
    evidence = fields.Dict(required=True)


class AwaitedSchema(Schema):
    """A wipe that waits for a second person at `/admin/v1/approvals`."""

    approval_id = fields.UUID(attribute="id", required=True)
    state = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class CancelSchema(Schema):
    """Why a command is taken back."""

    reason = reason()
