"""The road network: slightly slanting streets from edge to edge, avenues among lanes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from muster.server.demo.city.grid import CELL_METRES, COLUMNS, ROWS
from muster.server.demo.city.names import Name
from muster.server.demo.city.plan import Point, point_at

SPACING_METRES = 220.0
_SLANT_METRES = 45.0
_MARGIN_METRES = 120.0
_AVENUE = Name("大道", "Avenue")
_LESSER = (Name("路", "Road"), Name("街", "Street"), Name("巷", "Lane"))
_AVENUE_EVERY = 6


@dataclass(frozen=True, slots=True)
class Street:
    """A straight road; `start` and `end` are metres east and north of the centre."""

    code: str
    name: Name
    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def length(self) -> float:
        """Metres from end to end."""
        (east_a, north_a), (east_b, north_b) = self.start, self.end
        return float(((east_b - east_a) ** 2 + (north_b - north_a) ** 2) ** 0.5)

    def beside(self, along: float, aside: float) -> Point:
        """The position `along` metres from the start, `aside` metres left of the line."""
        (east_a, north_a), (east_b, north_b) = self.start, self.end
        east, north = (east_b - east_a) / self.length, (north_b - north_a) / self.length
        return point_at(
            east_a + east * along - north * aside, north_a + north * along + east * aside
        )


def road_grid(names: Iterator[Name], rng: Random) -> tuple[Street, ...]:
    """About fifty streets: first those running east, then those running north."""
    width, height = COLUMNS * CELL_METRES, ROWS * CELL_METRES
    east_reach, north_reach = width / 2 - _MARGIN_METRES, height / 2 - _MARGIN_METRES
    lines = [((-east_reach, n), (east_reach, n)) for n in _offsets(north_reach)]
    lines += [((e, -north_reach), (e, north_reach)) for e in _offsets(east_reach)]
    return tuple(
        Street(f"S{i:03}", _named(next(names), i, rng), _slanted(start, rng), _slanted(end, rng))
        for i, (start, end) in enumerate(lines, start=1)
    )


def streets_geojson(streets: Iterable[Street]) -> str:
    """The centre lines as a FeatureCollection with properties code, name and name_en."""
    features = [
        {
            "type": "Feature",
            "id": street.code,
            "properties": {
                "code": street.code,
                "name": street.name.zh,
                "name_en": street.name.en,
            },
            "geometry": {
                "type": "LineString",
                "coordinates": [point_at(*street.start), point_at(*street.end)],
            },
        }
        for street in streets
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _offsets(reach: float) -> list[float]:
    count = int(2 * reach // SPACING_METRES)
    return [(i - count / 2) * SPACING_METRES for i in range(count + 1)]


def _named(place: Name, index: int, rng: Random) -> Name:
    kind = _AVENUE if index % _AVENUE_EVERY == 1 else rng.choice(_LESSER)
    return Name(place.zh + kind.zh, f"{place.en} {kind.en}")


def _slanted(place: tuple[float, float], rng: Random) -> tuple[float, float]:
    return (
        place[0] + rng.uniform(-_SLANT_METRES, _SLANT_METRES),
        place[1] + rng.uniform(-_SLANT_METRES, _SLANT_METRES),
    )
