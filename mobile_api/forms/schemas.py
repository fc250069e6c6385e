"""Wire shapes of forms."""

from typing import Any

from marshmallow import Schema, fields, validate

from mobile_api.forms.service import Current

_TEXTS = {"description": "Texts by language code"}


class ChoiceSchema(Schema):
    """One choice of a select."""

    value = fields.String(required=True)
    label = fields.Dict(keys=fields.String(), values=fields.String(), metadata=_TEXTS)


class FieldSchema(Schema):
    """One field as a terminal needs it to ask and to check the answer."""

    path = fields.String(required=True, metadata={"description": "The key of its answer"})
    name = fields.String(required=True)
    type = fields.String(required=True)
    label = fields.Dict(keys=fields.String(), values=fields.String(), metadata=_TEXTS)
    hint = fields.Dict(keys=fields.String(), values=fields.String(), metadata=_TEXTS)
    required = fields.Boolean(required=True)
    conditional = fields.Boolean(required=True)
    readonly = fields.Boolean(required=True)
    relevant = fields.String(metadata={"description": "XPath"})
    constraint = fields.String(metadata={"description": "XPath"})
    constraint_text = fields.Dict(keys=fields.String(), values=fields.String(), metadata=_TEXTS)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True)
    media = fields.String(metadata={"description": "Media type a file is to have"})
    subject = fields.String(metadata={"description": "Kind of subject that is checked"})


class FormSchema(Schema):
    """A form's version, without its fields."""

    form_id = fields.String(attribute="form.form_id", required=True)
    title = fields.String(attribute="form.title", required=True)
    version = fields.String(attribute="version.version", required=True)
    purpose = fields.String(attribute="version.purpose", required=True)
    sha256 = fields.String(attribute="version.sha256", required=True)
    url = fields.Method("url_of", required=True)
    xform_url = fields.Method("xform_url_of", required=True)
    published_at = fields.AwareDateTime(attribute="version.published_at", required=True)

    def url_of(self, current: Current) -> str:
        """Where its description is."""
        return f"/mobile/v1/forms/{current.form.form_id}/{current.version.version}"

    def xform_url_of(self, current: Current) -> str:
        """Where its XForm is."""
        return f"{self.url_of(current)}.xml"


class FormDetailSchema(FormSchema):
    """A form's version with everything a terminal needs to fill it in."""

    fields_ = fields.List(
        fields.Nested(FieldSchema), attribute="version.fields", data_key="fields", required=True
    )
    deadline_ms = fields.Integer(attribute="version.deadline_ms", required=True)


class FormsSchema(Schema):
    """All forms for the officer."""

    items = fields.List(fields.Nested(FormSchema), required=True)


class PublishedSchema(FormSchema):
    """A form as its publisher sees it."""

    id = fields.UUID(attribute="form.id", required=True)
    unit_id = fields.UUID(attribute="form.unit_id", allow_none=True)
    published_by = fields.String(attribute="version.published_by", required=True)
    subjects = fields.Method("subjects_of", required=True)

    def subjects_of(self, current: Current) -> list[dict[str, Any]]:
        """Paths that hold subjects, with their kinds."""
        return [{"path": path, "kind": kind} for path, kind in current.version.bindings]


class PublishFormSchema(Schema):
    """What goes with the workbook (the part `file`)."""

    purpose = fields.String(load_default="", validate=validate.Length(max=32))
    unit = fields.String(load_default="", validate=validate.Length(max=64))
    deadline_ms = fields.Integer(load_default=10_000, validate=validate.Range(500, 60_000))
