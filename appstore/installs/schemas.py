"""Wire shapes of install reports."""

from marshmallow import Schema, fields, validate

from appstore.rollouts.reasons import NAMES
from appstore.rollouts.section import STATES
from appstore.wire import text

_COUNT = validate.Range(0, 2**53)


class InstallReportSchema(Schema):
    """What became of one app. `number` rises with each report of this enrolment."""

    number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))
    package = text(223, 1, required=True)
    state = fields.String(required=True, validate=validate.OneOf(sorted(STATES)))
    version_code = fields.Integer(strict=True, validate=_COUNT)
    reason = fields.String(validate=validate.OneOf(NAMES))
    detail = text(1000)
    config_hash = fields.String(validate=validate.Regexp(r"^sha256:[0-9a-f]{64}\Z"))
    unsent = fields.Integer(
        strict=True,
        validate=validate.Range(0, 1_000_000),
        metadata={"description": "Of waiting_outbox: work that is still to be sent"},
    )


class InstallReportsSchema(Schema):
    """Reports, the oldest first."""

    reports = fields.List(
        fields.Nested(InstallReportSchema), required=True, validate=validate.Length(1, 100)
    )


class InstallsTakenSchema(Schema):
    """What the server has now: reports up to this number need not be sent again."""

    number = fields.Integer(required=True)
