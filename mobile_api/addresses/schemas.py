"""Wire shapes of addresses."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from mobile_api.layers import PositionQuery, PositionSchema, datum_field
from mobile_api.places import Place

_MOST = 50


class SearchQuery(Schema):
    """What was typed so far; with a position (lon, lat and datum), nearer addresses come first."""

    q = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata={"description": "Typed text; a mistyped word or character is forgiven"},
    )
    lon = fields.Float(load_default=None, validate=validate.Range(-180, 180))
    lat = fields.Float(load_default=None, validate=validate.Range(-90, 90))
    datum = datum_field(required=False)
    limit = fields.Integer(load_default=10, validate=validate.Range(1, _MOST))

    @validates_schema
    def _whole_position(self, data: dict[str, Any], **_: Any) -> None:
        given = [data.get(name) is not None for name in ("lon", "lat", "datum")]
        if any(given) and not all(given):
            raise ValidationError("Give lon, lat and datum together, or none of them.", "datum")

    @post_load
    def _near(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["near"] = Place.read(data) if data["datum"] is not None else None
        return data


class ReverseQuery(PositionQuery):
    """A position and how many addresses around it."""

    limit = fields.Integer(load_default=5, validate=validate.Range(1, _MOST))


class AddressSchema(Schema):
    """One address; lon and lat are WGS-84."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    level = fields.String(required=True)
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "district, street_zh, number, community_zh, beat …"},
    )
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    datum = fields.Constant("wgs84")


class AddressHitSchema(Schema):
    """An address found."""

    address = fields.Nested(AddressSchema, required=True)
    score = fields.Float(required=True, metadata={"description": "0 to 1"})
    distance_m = fields.Float(required=True, allow_none=True)


class AddressHitsSchema(Schema):
    """Addresses found, the best first."""

    items = fields.List(fields.Nested(AddressHitSchema), attribute="hits", required=True)
    position = fields.Nested(PositionSchema, allow_none=True, required=True)
    version = fields.UUID(required=True, metadata={"description": "The import that was searched"})
