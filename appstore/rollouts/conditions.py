"""The wire shape of `terms.py`: what a terminal waits for before it installs by itself."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

_TIME: Final = validate.Regexp(r"\A([01]\d|2[0-3]):[0-5]\d\Z", error="Write HH:MM.")


class WindowSchema(Schema):
    """Hours of the day in the terminal's own time; the end may lie on the next day."""

    from_ = fields.String(required=True, data_key="from", attribute="from", validate=_TIME)
    until = fields.String(required=True, validate=_TIME)

    @validates_schema
    def check_length(self, data: dict[str, Any], **_: Any) -> None:
        """A window without length would never open."""
        if data.get("from") == data.get("until"):
            raise ValidationError("The window must end at another time than it begins.", "until")


class ConditionsSchema(Schema):
    """What must hold, all of it, before a terminal installs by itself."""

    network = fields.String(validate=validate.OneOf(["any", "unmetered"]))
    charging = fields.Boolean(truthy={True}, falsy={False})
    battery_min = fields.Integer(
        strict=True, validate=validate.Range(0, 100), metadata={"description": "Percent"}
    )
    window = fields.Nested(WindowSchema)
