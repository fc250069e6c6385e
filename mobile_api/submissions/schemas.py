"""Wire shapes of records."""

from typing import Any

from marshmallow import Schema, fields, validate

from mobile_api.submissions.service import Detail
from muster.kernel.web import PageQuery


class UploadSchema(Schema):
    """How a missing file is sent: a resumable upload with this metadata."""

    target = fields.String(required=True)
    metadata = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AttachmentStateSchema(Schema):
    """A file the record names."""

    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["missing", "stored"]))
    upload = fields.Nested(UploadSchema, allow_none=True, required=True)


class FeedbackSchema(Schema):
    """What the checks of the record's subjects came to, the worst signal first."""

    signal = fields.String(required=True)
    checks = fields.List(fields.Dict(), required=True)


class ReceivedSchema(Schema):
    """The answer to a record."""

    record_id = fields.String(required=True)
    instance_id = fields.String(required=True)
    state = fields.String(required=True)
    received_at = fields.String(required=True)
    incident = fields.String(required=True)
    attachments = fields.List(fields.Nested(AttachmentStateSchema), required=True)
    feedback = fields.Nested(FeedbackSchema, required=True)


class OwnRecordSchema(ReceivedSchema):
    """One's own record."""

    answers = fields.Dict(required=True)


class RecordQuery(PageQuery):
    """Filter of the list of records."""

    incident = fields.String(load_default=None, validate=validate.Length(max=64))


class RecordLineSchema(Schema):
    """A record in a list."""

    id = fields.UUID(attribute="submission.id", required=True)
    instance_id = fields.UUID(attribute="submission.instance_id", required=True)
    form_id = fields.String(attribute="form.form_id", required=True)
    form_title = fields.String(attribute="form.title", required=True)
    officer = fields.String(attribute="submission.officer_number", required=True)
    unit_id = fields.UUID(attribute="submission.unit_id", required=True)
    device_id = fields.UUID(attribute="submission.device_id", allow_none=True)
    incident = fields.String(attribute="submission.incident", required=True)
    state = fields.String(attribute="submission.state", required=True)
    received_at = fields.AwareDateTime(attribute="submission.received_at", required=True)
    device_time = fields.AwareDateTime(attribute="submission.device_time", allow_none=True)


class SlotSchema(Schema):
    """A file of a record, as reviewers see it."""

    name = fields.String(required=True)
    state = fields.String(required=True)
    sha256 = fields.String(allow_none=True)
    size = fields.Integer(allow_none=True)
    stored_at = fields.AwareDateTime(allow_none=True)


class RecordCheckSchema(Schema):
    """A subject of a record: its check, or why there is none."""

    path = fields.String(required=True)
    kind = fields.String(required=True)
    check_id = fields.UUID(allow_none=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class RecordDetailSchema(RecordLineSchema):
    """A record with its content."""

    form_version = fields.String(attribute="form_version.version", required=True)
    fields_ = fields.List(
        fields.Dict(), attribute="form_version.fields", data_key="fields", required=True
    )
    answers = fields.Dict(attribute="version.answers", required=True)
    place = fields.Method("place_of", required=True)
    attachments = fields.List(fields.Nested(SlotSchema), attribute="slots", required=True)
    checks = fields.List(fields.Nested(RecordCheckSchema), required=True)

    def place_of(self, detail: Detail) -> dict[str, Any] | None:
        """Where it was made, in WGS-84 and as measured."""
        row = detail.submission
        if row.lon is None:
            return None
        names = ("lon", "lat", "datum", "original_lon", "original_lat", "accuracy_m")
        return {name: getattr(row, name) for name in names}
