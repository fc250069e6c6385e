"""The spatial index in memory: one STRtree per version, read once by each process.

It needs nothing of the database but the rows, so it works alike on SQLite and PostgreSQL.
"""

import math
import threading
from collections.abc import Sequence
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from mobile_api.layers.index import Area, Located
from mobile_api.layers.models import LEVELS, AreaRow
from muster.kernel.uow import UnitOfWork
from muster.ondevice.datum import Point

_KEPT = 2  # the version in force, and the one that requests under way may still use
_ROWS = select(
    AreaRow.code, AreaRow.name, AreaRow.name_en, AreaRow.level, AreaRow.parent, AreaRow.wkb
)
_METRES_PER_DEGREE = 6371008.8 * math.pi / 180


class TreeIndex:
    """Areas in memory; any thread may ask."""

    def __init__(self) -> None:
        self._trees: dict[UUID, _Tree] = {}
        self._lock = threading.Lock()

    def locate(self, uow: UnitOfWork, version: UUID, point: Point) -> Located:
        """Return what covers a position; the first question about a version reads its rows."""
        tree = self._trees.get(version) or self._grow(uow, version)
        return tree.locate(point)

    def _grow(self, uow: UnitOfWork, version: UUID) -> "_Tree":
        rows = uow.session.execute(_ROWS.where(AreaRow.import_id == version)).all()
        tree = _Tree([Area(*row[:-1]) for row in rows], [row.wkb for row in rows])
        with self._lock:
            newest = sorted({**self._trees, version: tree}.items(), reverse=True)
            self._trees = dict(newest[:_KEPT])
        return tree


class _Tree:
    def __init__(self, areas: Sequence[Area], borders: Sequence[bytes]) -> None:
        self._areas = areas
        self._shapes = shapely.from_wkb(borders)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def locate(self, point: Point) -> Located:
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
