"""Wire shapes of enrolment tokens."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, post_load, validate, validates_schema
from marshmallow.exceptions import ValidationError

from mdm.enrolment.qr import AndroidAgent
from mdm.enrolment.tokens import LONGEST, MOST_USES, Wish
from mdm.wire import text


class AndroidAgentSchema(Schema):
    """An agent that Android's set-up wizard fetches and makes device owner."""

    component = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z][\w.]{0,199}/[\w.$]{1,200}$"),
        metadata={"example": "org.example.agent/.AdminReceiver"},
    )
    location = fields.URL(required=True, schemes={"https"}, validate=validate.Length(max=500))
    checksum = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z0-9_-]{43}=?$"),
        metadata={"description": "URL-safe base64 of the APK's SHA-256"},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> AndroidAgent:
        """Return the use case's own type."""
        return AndroidAgent(**data)


class WishSchema(Schema):
    """What a new token is to allow."""

    unit = text(64, 1, required=True, metadata={"description": "Unit code"})
    kind = fields.String(load_default="single", validate=validate.OneOf(["single", "batch"]))
    uses = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_USES))
    lasts_minutes = fields.Integer(
        load_default=24 * 60,
        strict=True,
        validate=validate.Range(1, int(LONGEST.total_seconds() // 60)),
    )
    label = text(100, load_default="")
    device_class = fields.String(
        load_default="handheld", validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$")
    )
    group_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    android = fields.Nested(AndroidAgentSchema, load_default=None)

    @validates_schema
    def check_uses(self, data: dict[str, Any], **_: Any) -> None:
        """A single token is for one terminal."""
        if data.get("kind") == "single" and data.get("uses") != 1:
            raise ValidationError("A single token has one use; choose kind batch.", "uses")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Wish:
        """Return the use case's own type."""
        lasts = timedelta(minutes=data.pop("lasts_minutes"))
        return Wish(**data | {"lasts": lasts, "group_ids": tuple(data["group_ids"])})


class EnrolTokenSchema(Schema):
    """A token without its secret."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    uses_left = fields.Integer(required=True)
    unit_id = fields.UUID(required=True)
    group_ids = fields.List(fields.UUID(), required=True)
    device_class = fields.String(required=True)
    created_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(allow_none=True)


class MadeSchema(Schema):
    """A new token; secret and content are shown this once."""

    row = fields.Nested(EnrolTokenSchema, required=True, data_key="enrolment_token")
    token = fields.String(required=True)
    content = fields.Dict(required=True, metadata={"description": "What the QR code says"})
