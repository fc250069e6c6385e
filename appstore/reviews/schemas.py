"""Wire shapes of reviews of urgent releases."""

from marshmallow import Schema, fields, validate

from appstore.releases.schemas import ReleaseSummarySchema
from appstore.wire import text
from muster.kernel.web import PageQuery

_VERDICTS = ["confirmed", "objected"]


class ReleaseReviewSchema(Schema):
    """The review that an urgent release owes; until then `verdict` is empty."""

    id = fields.UUID(attribute="review.id", required=True)
    due_at = fields.AwareDateTime(attribute="review.due_at", required=True)
    verdict = fields.String(
        attribute="review.verdict", required=True, validate=validate.OneOf(["", *_VERDICTS])
    )
    note = fields.String(attribute="review.note", required=True)
    reviewed_by = fields.UUID(attribute="review.reviewed_by", required=True, allow_none=True)
    reviewed_at = fields.AwareDateTime(
        attribute="review.reviewed_at", required=True, allow_none=True
    )
    lapsed_at = fields.AwareDateTime(
        attribute="review.lapsed_at",
        required=True,
        allow_none=True,
        metadata={"description": "When it was halted because nobody had looked"},
    )
    urgent_reason = fields.String(attribute="release.urgent_reason", required=True)
    release = fields.Nested(ReleaseSummarySchema, required=True)


class ReleaseReviewQuery(PageQuery):
    """Which reviews; without a verdict, those that wait."""

    verdict = fields.String(load_default="", validate=validate.OneOf(["", *_VERDICTS]))


class ReleaseVerdictSchema(Schema):
    """What the reviewer says; an objection halts the release, or blocks it."""

    verdict = fields.String(required=True, validate=validate.OneOf(_VERDICTS))
    note = text(1000, 5, required=True)
    consequence = fields.String(
        load_default="halted",
        validate=validate.OneOf(["halted", "blocked"]),
        metadata={"description": "What becomes of a release that is objected to"},
    )
