"""Jurisdictions come as GeoJSON; a flawed file changes nothing and says where its flaws are."""

import json
from typing import Any

from tests.factories.maps import FieldMaps

SQUARE = [[110.0, 25.0], [110.1, 25.0], [110.1, 25.1], [110.0, 25.1], [110.0, 25.0]]
BOW_TIE = [[110.0, 25.0], [110.1, 25.1], [110.1, 25.0], [110.0, 25.1], [110.0, 25.0]]
INSIDE = {"lon": 110.05, "lat": 25.05, "datum": "wgs84"}
PATH = "/mobile/v1/map/jurisdiction"


def document(code: str = "C", coordinates: Any = None) -> str:
    properties = {"code": code, "name": "City", "name_en": "", "level": "city", "parent": None}
    geometry = {"type": "Polygon", "coordinates": coordinates or [SQUARE]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_a_sound_file_is_in_force_at_once(maps: FieldMaps) -> None:
    answer = maps.load("jurisdictions", document())
    assert answer.status_code == 200
    assert answer.get_json()["rows"] == 1
    told = maps.get(PATH, **INSIDE).get_json()
    assert [area["code"] for area in told["areas"]] == ["C"]
    assert told["version"] == answer.get_json()["import_id"]


def test_the_next_file_replaces_the_map_as_a_whole(maps: FieldMaps) -> None:
    maps.load("jurisdictions", document("C"))
    maps.load("jurisdictions", document("D"))
    areas = maps.get(PATH, **INSIDE).get_json()["areas"]
    assert [area["code"] for area in areas] == ["D"]


def test_in_the_hole_of_an_area_is_outside_of_it(maps: FieldMaps) -> None:
    hole = [[110.04, 25.04], [110.04, 25.06], [110.06, 25.06], [110.06, 25.04], [110.04, 25.04]]
    assert maps.load("jurisdictions", document(coordinates=[SQUARE, hole])).status_code == 200
    assert maps.get(PATH, **INSIDE).get_json()["areas"] == []


def test_a_border_that_crosses_itself_is_refused_and_the_old_map_stays(maps: FieldMaps) -> None:
    before = maps.load("jurisdictions", document()).get_json()["import_id"]
    answer = maps.load("jurisdictions", document(coordinates=[BOW_TIE]))
    assert answer.status_code == 422
    [fault] = answer.get_json()["errors"]
    assert fault["pointer"] == "/features/0/geometry/coordinates"
    assert "Self-intersection[110.05 25.05]" in fault["detail"]
    assert maps.get(PATH, **INSIDE).get_json()["version"] == before


def test_too_large_a_file_is_refused_before_it_is_read(maps: FieldMaps) -> None:
    answer = maps.load("jurisdictions", b" " * (13 * 1024 * 1024))
    assert answer.status_code == 413


def test_only_a_data_steward_loads_the_map(maps: FieldMaps) -> None:
    admin = maps.force.console("A1", "device_admin", unit="CITY")
    assert maps.load("jurisdictions", document(), by=admin).status_code == 403
