"""Distances and boxes on the globe, precise enough for look-ups within a city."""

import math

Point = tuple[float, float]
"""Longitude and latitude in WGS-84 degrees."""
Box = tuple[float, float, float, float]
"""West, east, south, north in degrees."""

_METRES_PER_DEGREE = 6371008.8 * math.pi / 180


def distance_m(a: Point, b: Point) -> float:
    """Return metres between two points, on a plane that is true to scale midway between them."""
    east = (b[0] - a[0] + 180) % 360 - 180
    shrink = math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east * shrink, b[1] - a[1]) * _METRES_PER_DEGREE


def box_around(centre: Point, half_side: float) -> Box:
    """Return the box that reaches `half_side` degrees to each side."""
    lon, lat = centre
    return lon - half_side, lon + half_side, lat - half_side, lat + half_side


def reach_m(centre: Point, half_side: float) -> float:
    """Return the radius in metres within which `box_around` is sure to hold everything."""
    furthest = min(90.0, abs(centre[1]) + half_side)
    return half_side * math.cos(math.radians(furthest)) * _METRES_PER_DEGREE
