"""Wire shapes of feedback."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from appstore.feedback.states import NEXT
from appstore.wire import text
from muster.kernel.web import PageQuery

_KINDS = ("rating", "fault")


class AppFeedbackSchema(Schema):
    """A rating of 1 to 5 stars, or a fault in words."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    package = text(223, 1, required=True)
    stars = fields.Integer(
        strict=True, validate=validate.Range(1, 5), metadata={"description": "Of a rating"}
    )
    text = text(
        2000,
        load_default="",
        metadata={"description": "Of a rating up to 500 characters; of a fault at least one"},
    )
    version_code = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**63 - 1),
        metadata={"description": "The version it is about; by default the one reported installed"},
    )
    crash_id = fields.UUID(metadata={"description": "Of a fault: the crash the agent reported"})
    contact_me = fields.Boolean(
        load_default=False,
        metadata={"description": "The publisher may see your name; otherwise only your unit"},
    )

    @validates_schema
    def _fits_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        if data["kind"] == "rating":
            if "stars" not in data:
                raise ValidationError("A rating has stars.", "stars")
            if len(data["text"]) > 500:
                raise ValidationError("Longer than 500 characters.", "text")
            if "crash_id" in data:
                raise ValidationError("A rating has no crash.", "crash_id")
        elif "stars" in data:
            raise ValidationError("A fault has no stars.", "stars")
        elif not data["text"].strip():
            raise ValidationError("Say what is wrong.", "text")


class AppFeedbackGivenSchema(Schema):
    """What was kept."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))


class MyAppFaultSchema(Schema):
    """One of the officer's own reports, and what was answered."""

    id = fields.UUID(attribute="fault.id", required=True)
    package = fields.String(required=True)
    text = fields.String(attribute="fault.text", required=True)
    version_code = fields.Integer(attribute="fault.version_code", required=True, allow_none=True)
    state = fields.String(
        attribute="fault.state", required=True, validate=validate.OneOf(sorted(NEXT))
    )
    answer = fields.String(attribute="fault.answer", required=True)
    fixed_version = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(attribute="fault.created_at", required=True)


class AppRatingSchema(Schema):
    """One rating, with the unit it came from."""

    id = fields.UUID(attribute="row.id", required=True)
    stars = fields.Integer(attribute="row.stars", required=True)
    text = fields.String(attribute="row.text", required=True)
    version_code = fields.Integer(attribute="row.version_code", required=True, allow_none=True)
    unit = fields.String(required=True)
    by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Name and number, only where the officer agreed"},
    )
    at = fields.AwareDateTime(attribute="row.at", required=True)


class AppFaultSchema(Schema):
    """One reported fault, with the unit it came from."""

    id = fields.UUID(attribute="row.id", required=True)
    text = fields.String(attribute="row.text", required=True)
    version_code = fields.Integer(attribute="row.version_code", required=True, allow_none=True)
    state = fields.String(
        attribute="row.state", required=True, validate=validate.OneOf(sorted(NEXT))
    )
    answer = fields.String(attribute="row.answer", required=True)
    fixed_in = fields.UUID(attribute="row.fixed_in", required=True, allow_none=True)
    fixed_version = fields.String(required=True, allow_none=True)
    crash_group_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The crash that came with it"}
    )
    unit = fields.String(required=True)
    by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Name and number, only where the officer agreed"},
    )
    created_at = fields.AwareDateTime(attribute="row.created_at", required=True)
    version = fields.Integer(
        attribute="row.version",
        required=True,
        metadata={"description": 'Send it as If-Match: "v<number>"'},
    )


class AppFaultQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(load_default=None, validate=validate.OneOf(sorted(NEXT)))


class AppFaultAnswerSchema(Schema):
    """What the officer is told."""

    answer = text(2000, 1, required=True)


class AppFaultCloseSchema(AppFaultAnswerSchema):
    """The last word, and the release that mends it, if one does."""

    fixed_in = fields.UUID(load_default=None, allow_none=True)
