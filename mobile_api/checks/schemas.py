"""Wire shapes of checks."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mobile_api.places import PlaceSchema
from muster.kernel.web import PageQuery
from muster.ondevice.subjects import SubjectKind

_PLAIN = validate.ContainsNoneOf("\x00", error="A NUL character cannot be stored.")


class CheckSchema(Schema):
    """One subject, asked about for a purpose.

    `purpose` and `case_ref` may be left out on the wire; the answer is then a recorded refusal.
    """

    kind = fields.String(required=True, validate=validate.OneOf(list(SubjectKind)))
    value = fields.String(load_default=None, validate=[validate.Length(1, 200), _PLAIN])
    name = fields.String(load_default=None, validate=[validate.Length(1, 150), _PLAIN])
    dob = fields.Date(load_default=None, metadata={"description": "Date of birth, for a name"})
    purpose = fields.String(load_default="", validate=[validate.Length(max=32), _PLAIN])
    case_ref = fields.String(load_default="", validate=[validate.Length(max=64), _PLAIN])
    reason = fields.String(load_default="", validate=[validate.Length(max=500), _PLAIN])
    place = fields.Nested(PlaceSchema, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def one_subject(self, data: dict[str, Any], **_: Any) -> None:
        """A name needs its date of birth, anything else its value; never both."""
        named = data["kind"] == SubjectKind.NAME
        wanted, other = (("name", "dob"), ("value",)) if named else (("value",), ("name", "dob"))
        faults = {field: ["This is needed."] for field in wanted if data[field] is None}
        faults |= {
            field: [f"This does not belong to a {data['kind']}."]
            for field in other
            if data[field] is not None
        }
        if faults:
            raise ValidationError(faults)


class ValiditySchema(Schema):
    """Whether an identifier keeps the rules of its kind."""

    check_digit = fields.Boolean(required=True)
    note = fields.String(allow_none=True, required=True)


class SubjectSchema(Schema):
    """How what was typed was read."""

    kind = fields.String(required=True)
    normalised = fields.String(required=True)
    valid = fields.Nested(ValiditySchema, required=True)
    suggestions = fields.List(fields.String(), required=True)


class SourceSchema(Schema):
    """How one register answered."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True)
    as_of = fields.String(allow_none=True, required=True)
    latency_ms = fields.Integer(required=True)
    version = fields.String(allow_none=True, required=True)
    hits = fields.Integer(required=True)


class NextSchema(Schema):
    """Where the answer is found again."""

    poll_after_ms = fields.Integer(allow_none=True)
    url = fields.String(required=True)


class CheckAnswerSchema(Schema):
    """The handheld's answer. Of a redacted one, hits hold category and instruction only."""

    check_id = fields.String(required=True)
    audit_id = fields.String(required=True)
    state = fields.String(required=True)
    signal = fields.String(required=True)
    signal_reason = fields.String(required=True)
    as_of = fields.String(required=True)
    took_ms = fields.Integer(required=True)
    deadline_ms = fields.Integer(required=True)
    redacted = fields.Boolean(required=True)
    subject = fields.Nested(SubjectSchema, required=True)
    sources = fields.List(fields.Nested(SourceSchema), required=True)
    hits = fields.List(fields.Dict(), required=True)
    records = fields.List(fields.Dict(), required=True)
    notices = fields.List(fields.String(), required=True)
    next = fields.Nested(NextSchema, required=True)


class CheckLineSchema(Schema):
    """Who asked, when and why; the subject is masked."""

    id = fields.UUID(attribute="request.id", required=True)
    asked_at = fields.AwareDateTime(attribute="request.asked_at", required=True)
    officer = fields.String(attribute="request.officer_number", required=True)
    unit_id = fields.UUID(attribute="request.unit_id", required=True)
    device_id = fields.UUID(attribute="request.device_id", allow_none=True)
    purpose = fields.String(attribute="request.purpose", required=True)
    case_ref = fields.String(attribute="request.case_ref", required=True)
    kind = fields.String(attribute="request.kind", required=True)
    subject = fields.String(required=True)
    signal = fields.String(attribute="request.signal", required=True)
    audit_id = fields.UUID(attribute="request.audit_id", required=True)


class CheckLogQuery(PageQuery):
    """A page of the log of checks."""


class PurposeSchema(Schema):
    """A lawful purpose an officer may choose."""

    code = fields.String(required=True)
    label_en = fields.String(required=True)
    label_zh = fields.String(required=True)
    requires = fields.List(fields.String(), required=True)


class PurposesSchema(Schema):
    """All purposes that cover the officer."""

    items = fields.List(fields.Nested(PurposeSchema), required=True)
