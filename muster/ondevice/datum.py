"""Positions between WGS-84 and the datums that Chinese maps and receivers report.

CGCS2000 (EPSG:4490) differs from WGS-84 by centimetres to decimetres and counts as equal here.
GCJ-02 shifts a position in China by some 550 m, BD-09 by some 1.2 km; both leave the rest of
the world alone. Their inverses have no closed form: they are found by iteration.
"""

import math
from collections.abc import Callable
from enum import StrEnum

Point = tuple[float, float]

_SEMI_MAJOR = 6378245.0  # Krasovsky 1940, on which GCJ-02 is defined
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_ORIGIN = (105.0, 35.0)
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BAIDU_TURN = math.pi * 3000 / 180
_BAIDU_SHIFT = (0.0065, 0.006)
_CLOSE_ENOUGH = 1e-10  # degrees: a hundredth of a millimetre
_ROUNDS = 30


class Datum(StrEnum):
    """What a pair of degrees refers to; every position on the wire names one."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class DatumError(ValueError):
    """The datum is unknown, or the numbers are no position."""


def to_wgs84(lon: float, lat: float, datum: Datum | str) -> Point:
    """Return (lon, lat) in WGS-84 degrees of a position given in `datum`.

    Within a shift of the rectangle that GCJ-02 covers (far outside China's borders) the
    inverse is ambiguous; elsewhere a round trip stays within a millimetre.
    """
    _require_position(lon, lat)
    match known_datum(datum):
        case Datum.GCJ02:
            return _inverse(_to_gcj02, (lon, lat))
        case Datum.BD09:
            return _inverse(_to_gcj02, _inverse(_gcj02_to_bd09, (lon, lat)))
        case _:
            return lon, lat


def from_wgs84(lon: float, lat: float, datum: Datum | str) -> Point:
    """Return (lon, lat) in degrees of `datum` of a WGS-84 position."""
    _require_position(lon, lat)
    wanted = known_datum(datum)
    if wanted in (Datum.WGS84, Datum.CGCS2000) or not _in_rectangle(lon, lat):
        return lon, lat
    shifted = _to_gcj02(lon, lat)
    return shifted if wanted is Datum.GCJ02 else _gcj02_to_bd09(*shifted)


def known_datum(datum: Datum | str) -> Datum:
    """Return the datum of that name, or raise `DatumError` naming those that exist."""
    try:
        return Datum(datum)
    except ValueError as error:
        known = ", ".join(Datum)
        raise DatumError(f"unknown datum {datum!r}; use one of {known}") from error


def _require_position(lon: float, lat: float) -> None:
    # A NaN fails both comparisons, so it is refused as well.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise DatumError(f"({lon}, {lat}) is no position: longitude -180..180, latitude -90..90")


def _in_rectangle(lon: float, lat: float) -> bool:
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _inverse(shift: Callable[[float, float], Point], target: Point) -> Point:
    """Solve shift(p) = target; the shift varies slowly, so correcting by the error converges."""
    if not _in_rectangle(*target):
        return target
    lon, lat = target
    for _ in range(_ROUNDS):
        reached = shift(lon, lat)
        off_lon, off_lat = reached[0] - target[0], reached[1] - target[1]
        lon, lat = lon - off_lon, lat - off_lat
        if abs(off_lon) < _CLOSE_ENOUGH and abs(off_lat) < _CLOSE_ENOUGH:
            break
    return lon, lat


def _to_gcj02(lon: float, lat: float) -> Point:
    east, north = _metres_off(lon - _ORIGIN[0], lat - _ORIGIN[1])
    phi = math.radians(lat)
    w = 1 - _ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridian_radius = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / w**1.5
    parallel_radius = _SEMI_MAJOR / math.sqrt(w) * math.cos(phi)
    return lon + math.degrees(east / parallel_radius), lat + math.degrees(north / meridian_radius)


def _metres_off(x: float, y: float) -> Point:
    """Return the published GCJ-02 displacement in metres (east, north), x and y in degrees."""
    root, product = math.sqrt(abs(x)), x * y
    ripple = _waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * product + 0.1 * root
    east += (
        ripple + _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))
    ) / 1.5
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * product + 0.2 * root
    north += (
        ripple + _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))
    ) / 1.5
    return east, north


def _waves(degrees: float, *terms: tuple[float, float]) -> float:
    return sum(height * math.sin(degrees * rate * math.pi) for height, rate in terms)


def _gcj02_to_bd09(lon: float, lat: float) -> Point:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU_TURN)
    return radius * math.cos(angle) + _BAIDU_SHIFT[0], radius * math.sin(angle) + _BAIDU_SHIFT[1]
