"""The demo's ground: beats that tile the city, doors that lie in exactly one, a shift that tells."""

from itertools import combinations

import pytest
from shapely import Polygon, unary_union
from shapely.geometry import Point as ShapelyPoint

from muster.ondevice.datum import Datum, from_wgs84
from muster.server.demo.city import City, Point, beat_at, beats_of


@pytest.fixture(scope="module")
def shapes(city: City) -> dict[str, Polygon]:
    return {area.code: Polygon(area.ring) for area in city.areas}


def test_there_are_three_districts_eight_stations_and_forty_beats(city: City) -> None:
    levels = [area.level for area in city.areas]
    assert [levels.count(x) for x in ("city", "district", "station", "beat")] == [1, 3, 8, 40]


def test_every_area_is_valid_and_runs_anticlockwise(shapes: dict[str, Polygon]) -> None:
    assert all(shape.is_valid and shape.exterior.is_ccw for shape in shapes.values())


def test_beats_do_not_overlap(city: City, shapes: dict[str, Polygon]) -> None:
    beats = [shapes[beat.code] for beat in beats_of(city.areas)]
    assert all(a.intersection(b).area == 0 for a, b in combinations(beats, 2))


def test_children_fill_their_parent_exactly(city: City, shapes: dict[str, Polygon]) -> None:
    for area in city.areas:
        children = [shapes[child.code] for child in city.areas if child.parent == area.code]
        if children:
            assert unary_union(children).equals(shapes[area.code]), area.code


def test_a_beat_is_between_600_and_1100_metres_wide(shapes: dict[str, Polygon]) -> None:
    for code, shape in shapes.items():
        if len(code) == len("4599010101"):
            west, south, east, north = shape.bounds
            assert 600 < (east - west) * 100_660 < 1100
            assert 600 < (north - south) * 110_780 < 1100


def test_every_address_lies_in_exactly_the_beat_it_names(
    city: City, shapes: dict[str, Polygon]
) -> None:
    beats = {beat.code: shapes[beat.code] for beat in beats_of(city.areas)}
    assert 4500 <= len(city.addresses) <= 5500
    for address in city.addresses:
        point = ShapelyPoint(address.lon, address.lat)
        around = [code for code, shape in beats.items() if shape.covers(point)]
        assert around == [address.beat], address.code


def test_outside_the_city_there_is_no_beat(city: City) -> None:
    assert beat_at(beats_of(city.areas), Point(110.0, 25.0)) is None


def test_a_position_read_in_the_wrong_datum_moves_to_another_beat(city: City) -> None:
    beats = beats_of(city.areas)
    witness = city.witness
    moved = beat_at(beats, Point(*from_wgs84(witness.lon, witness.lat, Datum.GCJ02)))
    assert witness.beat == beats[0].code
    assert moved is not None
    assert moved.code != witness.beat


def test_most_addresses_miss_their_beat_without_conversion(city: City) -> None:
    beats = beats_of(city.areas)
    sample = city.addresses[::20]
    shifted = [Point(*from_wgs84(a.lon, a.lat, Datum.GCJ02)) for a in sample]
    hits = [
        b
        for a, p in zip(sample, shifted, strict=True)
        if (b := beat_at(beats, p)) and b.code == a.beat
    ]
    assert len(hits) < len(sample) / 2
