"""Wire shapes of waivers."""

from marshmallow import Schema, fields, validate

from appstore.waivers.service import LONGEST, WAIVABLE
from appstore.wire import reason


class WaiverSchema(Schema):
    """A rule that is, or was, set aside for an app."""

    id = fields.UUID(required=True)
    rule = fields.String(required=True)
    reason = fields.String(required=True)
    release_id = fields.UUID(
        required=True, metadata={"description": "The release the rule had kept out"}
    )
    evidence = fields.List(fields.String(), required=True)
    granted_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    revoked_by = fields.UUID(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_for = fields.String(required=True)


class WaiverGrantSchema(Schema):
    """Which rule to set aside, for how long, and why."""

    rule = fields.String(required=True, validate=validate.OneOf(WAIVABLE))
    days = fields.Integer(required=True, strict=True, validate=validate.Range(1, LONGEST))
    reason = reason()


class WaiverRevocationSchema(Schema):
    """Why a waiver ends before its day."""

    reason = reason()
