"""Wire shapes of commands."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mdm.commands.bodies import checked
from mdm.commands.states import KINDS
from mdm.wire import reason


class OrderSchema(Schema):
    """A command to give; `bodies.py` says what each kind's `body` holds."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    reason = reason()
    body = fields.Dict(keys=fields.String(), load_default=dict)

    @post_load
    def check_body(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Let the kind's own schema read the body."""
        return data | {"body": checked(data["kind"], data["body"])}


class CommandSchema(Schema):
    """One command and how it stands."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    body = fields.Dict(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Why it failed"})
    order_id = fields.UUID(allow_none=True, metadata={"description": "The mass order it is of"})
    reason = fields.String(required=True)
    requested_by = fields.UUID(allow_none=True)
    approved_by = fields.UUID(allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(allow_none=True)
    next_try_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the clock looks at it; null: over"}
    )
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
