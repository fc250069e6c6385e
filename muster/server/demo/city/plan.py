"""The ground plan: where the fictional city lies, how metres become degrees, and its admin codes.

The centre is real ground in southern China only so that the GCJ-02 shift (about 560 m there) is
real; every name on it is invented. Region codes 459900 to 459903 are not issued by GB/T 2260,
so no identity number made from them can belong to anybody.
"""

from math import cos, radians
from typing import NamedTuple

CENTRE_LON = 110.29
CENTRE_LAT = 25.27
METRES_PER_DEGREE_LAT = 110_780.0  # at this latitude, WGS-84
METRES_PER_DEGREE_LON = 111_320.0 * cos(radians(CENTRE_LAT))

CITY_CODE = "459900"
CITY_ZH = "云漓市"
CITY_EN = "Yunli City"


class Point(NamedTuple):
    """A WGS-84 position in degrees, longitude first as in GeoJSON, six decimals (0.1 m)."""

    lon: float
    lat: float


def point_at(east: float, north: float) -> Point:
    """The position `east` and `north` metres from the city's centre."""
    return Point(
        round(CENTRE_LON + east / METRES_PER_DEGREE_LON, 6),
        round(CENTRE_LAT + north / METRES_PER_DEGREE_LAT, 6),
    )
