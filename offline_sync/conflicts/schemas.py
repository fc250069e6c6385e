"""Wire shapes of kept work."""

from marshmallow import Schema, fields, validate

from muster.kernel.web import PageQuery


class ConflictCopySchema(Schema):
    """Work of an officer that was not applied, without its content."""

    id = fields.UUID(required=True)
    source = fields.String(required=True, metadata={"description": "Collection, or outbox/<kind>"})
    doc_id = fields.String(required=True)
    base_rev = fields.Integer(allow_none=True)
    reason = fields.String(
        required=True, validate=validate.OneOf(["conflict", "refused", "revoked", "invalid"])
    )
    detail = fields.String(required=True)
    officer_id = fields.UUID(required=True)
    device_id = fields.UUID(allow_none=True)
    unit_id = fields.UUID(required=True)
    kept_at = fields.AwareDateTime(attribute="created_at", required=True)
    state = fields.String(required=True)
    resolved_by = fields.UUID(allow_none=True)
    resolved_at = fields.AwareDateTime(allow_none=True)
    resolution = fields.String()


class OpenedCopySchema(Schema):
    """Kept work with its content as it came; null once it is resolved."""

    copy = fields.Nested(ConflictCopySchema, required=True)
    content = fields.Dict(allow_none=True, required=True)


class ConflictQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "resolved"]))


class ResolutionSchema(Schema):
    """What became of the work, in a sentence."""

    resolution = fields.String(
        required=True,
        validate=[validate.Length(5, 1000), validate.ContainsNoneOf("\x00")],
    )
