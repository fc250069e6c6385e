"""Wire shapes of tracks."""

from marshmallow import Schema, fields, validate

from appstore.rollouts.schemas import RolloutSchema
from appstore.tracks.order import TRACKS
from appstore.wire import reason

_PERCENT = validate.Range(1, 100)
_MODE = validate.OneOf(["required", "available"])


class TrackRingSchema(Schema):
    """A group of a track and how a promotion reaches it."""

    group_id = fields.UUID(required=True)
    percent = fields.Integer(load_default=100, strict=True, validate=_PERCENT)
    mode = fields.String(load_default="required", validate=_MODE)


class TrackSchema(Schema):
    """A track of an app."""

    name = fields.String(required=True, validate=validate.OneOf(TRACKS))
    version = fields.Integer(
        required=True, metadata={"description": 'Send it as If-Match: "v<number>"; 0 at first'}
    )
    rings = fields.List(fields.Nested(TrackRingSchema), required=True)


class TracksSchema(Schema):
    """The tracks of an app in their order."""

    items = fields.List(fields.Nested(TrackSchema), required=True)


class TrackChangeSchema(Schema):
    """The groups that a track reaches from now on."""

    rings = fields.List(
        fields.Nested(TrackRingSchema), required=True, validate=validate.Length(max=50)
    )


class PromoteSchema(Schema):
    """To which track; without percent and mode, as its rings say."""

    track = fields.String(required=True, validate=validate.OneOf(TRACKS))
    percent = fields.Integer(load_default=None, strict=True, validate=_PERCENT)
    mode = fields.String(load_default=None, validate=_MODE)
    reason = reason()


class PromotionSchema(Schema):
    """What became of it; with an `approval_id` nothing has, until an approver agrees."""

    rollouts = fields.List(fields.Nested(RolloutSchema), required=True)
    skipped = fields.List(
        fields.String(validate=validate.OneOf(TRACKS)),
        required=True,
        metadata={"description": "Earlier tracks it has not been in: a warning"},
    )
    approval_id = fields.UUID(attribute="approval.id", dump_default=None, allow_none=True)
