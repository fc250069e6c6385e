"""The borders of one version's areas, searched by position: an STRtree of prepared geometries."""

import math
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from mobile_api.layers.index import Area, Located
from mobile_api.layers.models import LEVELS
from muster.ondevice.datum import Point

_METRES_PER_DEGREE = 6371008.8 * math.pi / 180


class Borders:
    """Areas with their borders in WKB, in the same order."""

    def __init__(self, areas: Sequence[Area], borders: Sequence[bytes]) -> None:
        self._areas = areas
        self._shapes = shapely.from_wkb(borders)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def locate(self, point: Point) -> Located:
        """Return the areas that cover a position, and how far the finest one's border is."""
        place = shapely.Point(point)
        near = self._tree.query(place)
        # `covers`, not `contains`: who stands on a border stands in both areas.
        hits = near[shapely.covers(self._shapes[near], place)]
        found = sorted(
            hits, key=lambda n: (LEVELS.index(self._areas[n].level), self._areas[n].code)
        )
        if not found:
            return Located()
        finest = self._areas[found[-1]].level
        borders = [self._shapes[n].boundary for n in found if self._areas[n].level == finest]
        nearest = min(_metres(border, point) for border in borders)
        return Located([self._areas[n] for n in found], round(nearest, 1))


def _metres(border: BaseGeometry, point: Point) -> float:
    """Return metres to a border, on a plane that is true to scale around the point."""
    scale = (math.cos(math.radians(point[1])) * _METRES_PER_DEGREE, _METRES_PER_DEGREE)
    plane = shapely.transform(border, lambda degrees: (degrees - point) * scale)
    return float(plane.distance(shapely.Point(0, 0)))
