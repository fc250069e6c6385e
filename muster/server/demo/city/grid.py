"""A grid of cells with irregular borders: neighbours share every border point, so none overlap.

Each line between two corners is bent at three points; a group of cells has the outline that is
left when the lines it shares inside are struck out. No geometry library, hence the same bytes
everywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from muster.server.demo.city.plan import Point, point_at

COLUMNS = 8
ROWS = 5
CELL_METRES = 850.0
CORNER_JITTER = 70.0
BEND_JITTER = 40.0
_BENDS = (0.25, 0.5, 0.75)

Cell = tuple[int, int]
"""Column from the west, row from the south."""

Ring = tuple[Point, ...]
"""A closed line, anticlockwise, first point repeated at the end (RFC 7946, 3.1.6)."""

_Metres = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """The bent lines eastward and northward from each corner, end points included."""

    eastward: dict[Cell, tuple[Point, ...]]
    northward: dict[Cell, tuple[Point, ...]]

    def ring(self, cell: Cell) -> Ring:
        """The border of one cell."""
        column, row = cell
        south, north = self.eastward[cell], self.eastward[column, row + 1]
        west, east = self.northward[cell], self.northward[column + 1, row]
        return (*south[:-1], *east[:-1], *north[:0:-1], *west[::-1])


def bent_grid(rng: Random) -> Grid:
    """The city's grid, `COLUMNS` by `ROWS` cells of about `CELL_METRES`."""
    corners = {
        (column, row): _jittered(_corner(column, row), CORNER_JITTER, rng)
        for row in range(ROWS + 1)
        for column in range(COLUMNS + 1)
    }
    lines = {
        step: {
            cell: _bent(corner, corners[cell[0] + step[0], cell[1] + step[1]], rng)
            for cell, corner in corners.items()
            if (cell[0] + step[0], cell[1] + step[1]) in corners
        }
        for step in ((1, 0), (0, 1))
    }
    return Grid(eastward=lines[1, 0], northward=lines[0, 1])


def outline(rings: Iterable[Ring]) -> Ring:
    """The border around cells that touch along their sides and leave no hole."""
    steps = {step for ring in rings for step in pairwise(ring)}
    onward = {start: end for start, end in steps if (end, start) not in steps}
    walk = [min(onward)]
    while len(walk) <= len(onward):
        walk.append(onward[walk[-1]])
    return tuple(walk)


def encloses(ring: Sequence[Point], point: Point) -> bool:
    """Whether `point` lies inside `ring`, by crossings of a ray to the east."""
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
        if (lat_a > point.lat) != (lat_b > point.lat):
            crossing = lon_a + (point.lat - lat_a) * (lon_b - lon_a) / (lat_b - lat_a)
            inside ^= point.lon < crossing
    return inside


def _corner(column: int, row: int) -> _Metres:
    return (column - COLUMNS / 2) * CELL_METRES, (row - ROWS / 2) * CELL_METRES


def _jittered(place: _Metres, reach: float, rng: Random) -> _Metres:
    return place[0] + rng.uniform(-reach, reach), place[1] + rng.uniform(-reach, reach)


def _bent(start: _Metres, end: _Metres, rng: Random) -> tuple[Point, ...]:
    between = (
        _jittered(
            (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part),
            BEND_JITTER,
            rng,
        )
        for part in _BENDS
    )
    return tuple(point_at(*place) for place in (start, *between, end))
