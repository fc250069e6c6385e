"""Wire shapes of the deposit door and of quarantine."""

from marshmallow import Schema, fields, validate

from muster.kernel.web import PageQuery


class ReceiptSchema(Schema):
    """All that a refused terminal is told: its item is safe."""

    receipt = fields.UUID(required=True)


class QuarantinedItemSchema(Schema):
    """An item in quarantine, without its content."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    officer_id = fields.UUID(required=True, metadata={"description": "Who handed it in"})
    unit_id = fields.UUID(required=True)
    reasons = fields.List(fields.String(), metadata={"description": "Why the terminal was refused"})
    received_at = fields.AwareDateTime(attribute="created_at", required=True)
    expires_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
    released_by = fields.UUID(allow_none=True)
    released_at = fields.AwareDateTime(allow_none=True)
    note = fields.String()
    outcome = fields.String(metadata={"description": "recorded | kept, once released"})
    reference = fields.String()


class QuarantineQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(
        load_default="held", validate=validate.OneOf(["held", "released", "expired"])
    )


class ReleaseSchema(Schema):
    """Why an item is let in."""

    note = fields.String(
        required=True,
        validate=[validate.Length(5, 1000), validate.ContainsNoneOf("\x00")],
    )
