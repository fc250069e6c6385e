"""Jurisdictions: city, district, station and beat areas, and whose ground a position lies on.

Start with `locate` (a position's areas), `tree.py` (the spatial index) and `geojson.py` (how a
file is read). Rooms of this package may import it.
"""

from mobile_api.layers.importer import IMPORTER
from mobile_api.layers.index import SPATIAL_INDEX, Area, Located, SpatialIndex
from mobile_api.layers.models import LEVELS
from mobile_api.layers.schemas import PositionQuery, PositionSchema, datum_field
from mobile_api.layers.service import Jurisdiction, find, locate, names
from mobile_api.layers.wiring import wire

__all__ = [
    "IMPORTER",
    "LEVELS",
    "SPATIAL_INDEX",
    "Area",
    "Jurisdiction",
    "Located",
    "PositionQuery",
    "PositionSchema",
    "SpatialIndex",
    "datum_field",
    "find",
    "locate",
    "names",
    "wire",
]
