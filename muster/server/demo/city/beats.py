"""Jurisdictions: the city, its districts, station areas and forty beats as non-overlapping areas.

A beat is about 850 m wide and the GCJ-02 shift about 560 m, so a position taken for the wrong
datum usually lands in a neighbour's beat.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from muster.server.demo.city.grid import (
    COLUMNS,
    ROWS,
    Cell,
    Ring,
    bent_grid,
    encloses,
    outline,
)
from muster.server.demo.city.names import Name
from muster.server.demo.city.plan import CITY_CODE, CITY_EN, CITY_ZH, Point
from muster.server.demo.city.units import DISTRICTS, Station, district_code

BEATS = COLUMNS * ROWS
_SOUTHERN_ROWS = 2
_STATION_COLUMNS = 2
_BLOCKS = ((0, 0), (0, 1), (1, 1), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1))
"""Where the stations lie, in their order: pair of columns from the west, south (0) or north (1)."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """An area with a code; `level` is city, district, station or beat, `parent` the next above."""

    code: str
    name: Name
    level: str
    parent: str
    ring: Ring

    def covers(self, point: Point) -> bool:
        """Whether the position lies inside; a position exactly on a border may go either way."""
        return encloses(self.ring, point)


def jurisdictions(
    places: Sequence[Station], communities: Sequence[Name], rng: Random
) -> tuple[Jurisdiction, ...]:
    """All 52 areas, the larger before the smaller; each beat is named after a community."""
    grid = bent_grid(rng)
    names = iter(communities)
    beats = tuple(
        Jurisdiction(f"{place.code}{number:02}", next(names), "beat", place.code, grid.ring(cell))
        for place, block in zip(places, _BLOCKS, strict=True)
        for number, cell in enumerate(_cells_of(block), start=1)
    )
    areas = tuple(
        Jurisdiction(
            place.code, place.quarter, "station", place.district, _around(beats, place.code)
        )
        for place in places
    )
    districts = tuple(
        Jurisdiction(code, name, "district", CITY_CODE, _around(beats, code))
        for code, name in ((district_code(i), name) for i, name in enumerate(DISTRICTS))
    )
    whole = outline(beat.ring for beat in beats)
    city = Jurisdiction(CITY_CODE, Name(CITY_ZH, CITY_EN), "city", "", whole)
    return (city, *districts, *areas, *beats)


def beats_of(areas: Iterable[Jurisdiction]) -> tuple[Jurisdiction, ...]:
    """Only the beats."""
    return tuple(area for area in areas if area.level == "beat")


def station_code(beat: str) -> str:
    """The code of the station that a beat, given by its code, belongs to."""
    return beat[:-2]


def beat_at(beats: Iterable[Jurisdiction], point: Point) -> Jurisdiction | None:
    """The beat around a WGS-84 position; None outside the city."""
    return next((beat for beat in beats if beat.covers(point)), None)


def geojson(areas: Iterable[Jurisdiction]) -> str:
    """A FeatureCollection (RFC 7946) with properties code, name, name_en, level and parent."""
    return json.dumps(
        {"type": "FeatureCollection", "features": [_feature(area) for area in areas]},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _feature(area: Jurisdiction) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": area.code,
        "properties": {
            "code": area.code,
            "name": area.name.zh,
            "name_en": area.name.en,
            "level": area.level,
            "parent": area.parent or None,
        },
        "geometry": {"type": "Polygon", "coordinates": [area.ring]},
    }


def _around(beats: Iterable[Jurisdiction], code: str) -> Ring:
    return outline(beat.ring for beat in beats if beat.code.startswith(code))


def _cells_of(block: tuple[int, int]) -> list[Cell]:
    pair, north = block
    rows = range(_SOUTHERN_ROWS, ROWS) if north else range(_SOUTHERN_ROWS)
    columns = range(pair * _STATION_COLUMNS, (pair + 1) * _STATION_COLUMNS)
    return [(column, row) for row in rows for column in columns]
