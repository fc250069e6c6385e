"""Wire shapes of approvals."""

from marshmallow import Schema, fields, validate

from muster.kernel.web.paging import PageQuery


class ApprovalSchema(Schema):
    """A request that waits for, or was decided by, a second person."""

    id = fields.UUID(required=True)
    action = fields.String(required=True)
    resource_type = fields.String(required=True)
    resource_ids = fields.List(fields.String(), required=True)
    label = fields.String(required=True)
    body = fields.Dict(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    requested_by = fields.UUID(required=True)
    requested_at = fields.AwareDateTime(attribute="created_at", required=True)
    expires_at = fields.AwareDateTime(required=True)
    decided_by = fields.UUID(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    note = fields.String()


class ApprovalQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "approved", "refused", "cancelled", "expired"]),
    )


class RefusalSchema(Schema):
    """Why somebody says no."""

    note = fields.String(required=True, validate=validate.Length(5, 1000))
