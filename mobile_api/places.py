"""Where something happened: as the terminal measured it, and in WGS-84."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from marshmallow import Schema, fields, validate

from muster.kernel.errors import InvalidInput
from muster.ondevice import Datum, DatumError, to_wgs84


class PlaceSchema(Schema):
    """A position as measured; the datum says which degrees these are."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    datum = fields.String(load_default=Datum.WGS84.value, validate=validate.OneOf(list(Datum)))
    accuracy_m = fields.Float(load_default=None, validate=validate.Range(0, 1e6), allow_none=True)


@dataclass(frozen=True)
class Place:
    """`lon` and `lat` are WGS-84 degrees; the `original_` ones are those of `datum`."""

    lon: float
    lat: float
    datum: str
    original_lon: float
    original_lat: float
    accuracy_m: float | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Return the place of a loaded `PlaceSchema`, or raise `InvalidInput`."""
        try:
            lon, lat = to_wgs84(given["lon"], given["lat"], given["datum"])
        except DatumError as error:
            raise InvalidInput(f"{error}.") from error
        return cls(lon, lat, given["datum"], given["lon"], given["lat"], given.get("accuracy_m"))

    def as_json(self) -> dict[str, Any]:
        """Return the members as JSON values."""
        return asdict(self)
