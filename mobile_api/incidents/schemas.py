"""Wire shapes of incidents."""

from marshmallow import Schema, fields, validate

from muster.kernel.web import PageQuery


class IncidentQuery(PageQuery):
    """Filter of the list of incidents."""

    state = fields.String(load_default=None, validate=validate.OneOf(["open", "closed"]))


class IncidentSchema(Schema):
    """One incident; `lon` and `lat` are WGS-84."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True)
    summary_zh = fields.String(required=True)
    summary_en = fields.String(required=True)
    address = fields.String(required=True)
    place = fields.String(required=True)
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    unit_id = fields.UUID(required=True)
    beat = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
