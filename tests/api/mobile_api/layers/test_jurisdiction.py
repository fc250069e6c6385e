"""Whose ground: every level, the border, the datum, and refusals that say what to do."""

import json
from typing import Any

import pytest
import shapely
from werkzeug.test import TestResponse

from muster.ondevice.datum import from_wgs84
from tests.factories.maps import FieldMaps, statements

PATH = "/mobile/v1/map/jurisdiction"


@pytest.fixture
def loaded(maps: FieldMaps) -> FieldMaps:
    maps.load_file("jurisdictions", "jurisdictions.geojson")
    return maps


def beat_of(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["areas"][-1]["code"])


def test_a_position_lies_in_a_city_a_district_a_station_and_a_beat(loaded: FieldMaps) -> None:
    home = loaded.city.witness
    answer = loaded.get(PATH, lon=home.lon, lat=home.lat, datum="wgs84")
    told = answer.get_json()
    assert [area["level"] for area in told["areas"]] == ["city", "district", "station", "beat"]
    assert told["areas"][-1]["code"] == home.beat
    for parent, child in zip(told["areas"], told["areas"][1:], strict=False):
        assert child["parent"] == parent["code"]
    assert told["areas"][0]["parent"] == ""
    assert told["position"]["lon"] == told["position"]["wgs84_lon"] == home.lon


def test_the_same_point_in_every_datum_lies_in_the_same_beat(loaded: FieldMaps) -> None:
    home = loaded.city.witness
    for datum in ("wgs84", "cgcs2000", "gcj02", "bd09"):
        lon, lat = from_wgs84(home.lon, home.lat, datum)
        answer = loaded.get(PATH, lon=lon, lat=lat, datum=datum)
        assert beat_of(answer) == home.beat
        used = answer.get_json()["position"]
        assert (used["lon"], used["lat"], used["datum"]) == (lon, lat, datum)
        assert used["wgs84_lon"] == pytest.approx(home.lon, abs=1e-6)


def test_gcj02_numbers_taken_for_wgs84_would_lie_in_another_beat(loaded: FieldMaps) -> None:
    home = loaded.city.witness
    lon, lat = from_wgs84(home.lon, home.lat, "gcj02")
    wrong = beat_of(loaded.get(PATH, lon=lon, lat=lat, datum="wgs84"))
    assert wrong != home.beat


def test_who_stands_on_a_border_stands_in_both_beats(loaded: FieldMaps) -> None:
    first, second = neighbours(loaded)
    lon, lat = shared_corner(first, second)
    told = loaded.get(PATH, lon=lon, lat=lat, datum="wgs84").get_json()
    beats = {area["code"] for area in told["areas"] if area["level"] == "beat"}
    assert {first["properties"]["code"], second["properties"]["code"]} <= beats
    assert told["distance_to_border_m"] == 0
    assert told["near_border"] is True


def test_the_border_is_near_within_fifty_metres_or_the_receivers_error(loaded: FieldMaps) -> None:
    beat = shapely.geometry.shape(features(loaded)[-1]["geometry"])
    centre = beat.representative_point()
    asked = {"lon": centre.x, "lat": centre.y, "datum": "wgs84"}
    told = loaded.get(PATH, **asked).get_json()
    assert told["distance_to_border_m"] > 100
    assert told["near_border"] is False
    assert loaded.get(PATH, **asked, accuracy_m=1500).get_json()["near_border"] is True


def test_outside_the_city_there_is_no_area_and_no_border(loaded: FieldMaps) -> None:
    told = loaded.get(PATH, lon=100, lat=30, datum="wgs84").get_json()
    assert (told["areas"], told["distance_to_border_m"], told["near_border"]) == ([], None, False)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"datum": None}, "/datum"),
        ({"datum": "wgs-84"}, "/datum"),
        ({"lon": "nan"}, "/lon"),
        ({"lon": "inf"}, "/lon"),
        ({"lat": "-inf"}, "/lat"),
        ({"lat": 90.001}, "/lat"),
        ({"lon": -181}, "/lon"),
        ({"lon": "east"}, "/lon"),
        ({"lat": None}, "/lat"),
    ],
)
def test_what_is_no_position_is_refused_by_name(
    loaded: FieldMaps, change: dict[str, Any], pointer: str
) -> None:
    asked = {"lon": 110.29, "lat": 25.27, "datum": "wgs84"} | change
    answer = loaded.get(PATH, **asked)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [pointer]


def test_without_a_map_the_officer_is_told_whom_to_ask(maps: FieldMaps) -> None:
    answer = maps.get(PATH, lon=110.29, lat=25.27, datum="wgs84")
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "jurisdictions_missing"


def test_a_terminal_without_compliant_posture_is_refused(loaded: FieldMaps) -> None:
    loaded.judge(1)
    answer = loaded.get(PATH, lon=110.29, lat=25.27, datum="wgs84")
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "posture_not_compliant"


def test_a_look_up_costs_few_statements(loaded: FieldMaps) -> None:
    loaded.get(PATH, lon=110.29, lat=25.27, datum="wgs84")
    answer = loaded.get(PATH, lon=110.29, lat=25.27, datum="wgs84")
    assert statements(answer) <= 5


def features(maps: FieldMaps) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(maps.city.files()["jurisdictions.geojson"])["features"]
    return found


def neighbours(maps: FieldMaps) -> tuple[dict[str, Any], dict[str, Any]]:
    beats = [area for area in features(maps) if area["properties"]["level"] == "beat"]
    first = beats[0]
    for other in beats[1:]:
        if len(corners(first) & corners(other)) > 2:
            return first, other
    raise AssertionError("the first beat has no neighbour")


def shared_corner(first: dict[str, Any], second: dict[str, Any]) -> tuple[float, float]:
    return sorted(corners(first) & corners(second))[1]


def corners(area: dict[str, Any]) -> set[tuple[float, float]]:
    return {(lon, lat) for lon, lat in area["geometry"]["coordinates"][0]}
