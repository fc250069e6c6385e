"""Wire shapes of positions and jurisdictions."""

from marshmallow import Schema, fields, missing, validate

from mobile_api.places import PlaceSchema
from muster.ondevice.datum import Datum


def datum_field(*, required: bool) -> fields.String:
    """Return the field that says what lon and lat refer to; it is never guessed."""
    meaning = "wgs84 (GPS), cgcs2000 (BeiDou, police maps), gcj02 (AMap, Tencent), bd09 (Baidu)"
    return fields.String(
        required=required,
        load_default=missing if required else None,
        validate=validate.OneOf(list(Datum), error="Unknown datum; use one of {choices}."),
        metadata={"description": f"What lon and lat refer to: {meaning}. Never guessed."},
    )


class PositionQuery(PlaceSchema):
    """`?lon=&lat=&datum=`, all three of them, and how far the receiver may err."""

    datum = datum_field(required=True)


class PositionSchema(Schema):
    """A position as given, and the WGS-84 degrees that were looked up."""

    lon = fields.Float(required=True, attribute="original_lon")
    lat = fields.Float(required=True, attribute="original_lat")
    datum = fields.String(required=True)
    wgs84_lon = fields.Float(required=True, attribute="lon")
    wgs84_lat = fields.Float(required=True, attribute="lat")


class AreaSchema(Schema):
    """One area."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    level = fields.String(required=True, metadata={"description": "city|district|station|beat"})
    parent = fields.String(required=True, metadata={"description": "Code; empty for a city"})


class JurisdictionSchema(Schema):
    """Whose ground a position lies on: every area that covers it, the widest first."""

    position = fields.Nested(PositionSchema, required=True)
    areas = fields.List(fields.Nested(AreaSchema), attribute="located.areas", required=True)
    distance_to_border_m = fields.Float(
        attribute="located.distance_to_border_m",
        required=True,
        allow_none=True,
        metadata={"description": "To the nearest border of the finest area; null outside all"},
    )
    near_border = fields.Boolean(
        required=True,
        metadata={"description": "Within 50 m, or within accuracy_m: ask the neighbour as well"},
    )
    version = fields.UUID(required=True, metadata={"description": "The import in force"})
