"""Finding addresses as they are typed, slips and all; by position; by the code on a door plate."""

from typing import Any

import pytest

from muster.ondevice.datum import from_wgs84
from tests.factories.maps import FieldMaps, statements

SEARCH, REVERSE = "/mobile/v1/map/addresses", "/mobile/v1/map/reverse"


@pytest.fixture
def loaded(maps: FieldMaps) -> FieldMaps:
    maps.load_file("jurisdictions", "jurisdictions.geojson")
    maps.load_file("addresses", "addresses.csv")
    return maps


def ids(maps: FieldMaps, q: str, **more: Any) -> list[str]:
    answer = maps.get(SEARCH, q=q, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [hit["address"]["id"] for hit in answer.get_json()["items"]]


def test_an_address_typed_as_it_is_comes_first(loaded: FieldMaps) -> None:
    wanted = loaded.city.witness
    assert ids(loaded, wanted.text_zh)[0] == wanted.code
    assert ids(loaded, wanted.text_en)[0] == wanted.code


def test_a_wrong_chinese_character_is_forgiven(loaded: FieldMaps) -> None:
    wanted = loaded.city.witness
    street = wanted.street_zh[0] + "错" + wanted.street_zh[2:]
    assert wanted.code in ids(loaded, f"{wanted.community_zh}{street}{wanted.number}号")


def test_a_mistyped_latin_word_is_forgiven(loaded: FieldMaps) -> None:
    wanted = loaded.city.witness
    word, *rest = wanted.street_en.split()
    mistyped = word[:-2] + word[-1] + word[-2]
    assert mistyped != word
    typed = f"{wanted.number} {mistyped} {' '.join(rest)}, {wanted.community_en}"
    assert wanted.code in ids(loaded, typed)


def test_of_equal_texts_the_nearer_comes_first_in_any_datum(loaded: FieldMaps) -> None:
    near = loaded.city.witness
    lon, lat = from_wgs84(near.lon, near.lat, "gcj02")
    answer = loaded.get(SEARCH, q=f"{near.number}号", lon=lon, lat=lat, datum="gcj02", limit=1)
    told = answer.get_json()
    assert told["items"][0]["distance_m"] < 1000
    assert told["position"]["datum"] == "gcj02"
    assert told["position"]["wgs84_lon"] == pytest.approx(near.lon, abs=1e-6)


def test_an_address_tells_its_parts_and_its_datum(loaded: FieldMaps) -> None:
    wanted = loaded.city.witness
    told = loaded.get(f"{SEARCH}/{wanted.code}").get_json()
    assert told["text"] == wanted.text_zh
    assert told["aliases"] == [wanted.text_en]
    assert told["parts"]["beat"] == wanted.beat
    assert (told["lon"], told["lat"], told["datum"]) == (wanted.lon, wanted.lat, "wgs84")


def test_an_unknown_code_is_not_found(loaded: FieldMaps) -> None:
    answer = loaded.get(f"{SEARCH}/nowhere")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "address_unknown")


def test_the_nearest_address_to_a_gcj02_position_is_the_door_itself(loaded: FieldMaps) -> None:
    door = loaded.city.witness
    lon, lat = from_wgs84(door.lon, door.lat, "gcj02")
    hits = loaded.get(REVERSE, lon=lon, lat=lat, datum="gcj02", limit=3).get_json()["items"]
    assert hits[0]["address"]["id"] == door.code
    assert hits[0]["distance_m"] < 0.1
    assert [hit["distance_m"] for hit in hits] == sorted(hit["distance_m"] for hit in hits)
    unconverted = loaded.get(REVERSE, lon=lon, lat=lat, datum="wgs84", limit=1).get_json()["items"]
    assert unconverted[0]["address"]["id"] != door.code


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        (SEARCH, {}, "/q"),
        (SEARCH, {"q": ""}, "/q"),
        (SEARCH, {"q": "x" * 201}, "/q"),
        (SEARCH, {"q": "x", "limit": 51}, "/limit"),
        (SEARCH, {"q": "x", "lon": 110.29, "lat": 25.27}, "/datum"),
        (SEARCH, {"q": "x", "datum": "wgs84"}, "/datum"),
        (SEARCH, {"q": "x", "lon": "nan", "lat": 25, "datum": "wgs84"}, "/lon"),
        (SEARCH, {"q": "x", "lon": 110, "lat": 25, "datum": "mars"}, "/datum"),
        (REVERSE, {"lon": 110.29, "lat": 25.27}, "/datum"),
        (REVERSE, {"lon": "inf", "lat": 25.27, "datum": "gcj02"}, "/lon"),
        (REVERSE, {"lon": 181, "lat": 25.27, "datum": "gcj02"}, "/lon"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_name(
    maps: FieldMaps, path: str, query: dict[str, Any], pointer: str
) -> None:
    answer = maps.get(path, **query)
    assert answer.status_code == 422
    assert pointer in {fault["pointer"] for fault in answer.get_json()["errors"]}


def test_a_query_of_signs_alone_finds_nothing(loaded: FieldMaps) -> None:
    assert ids(loaded, "?!'\"*()-^") == []


def test_before_the_first_import_the_officer_is_told_whom_to_ask(maps: FieldMaps) -> None:
    answer = maps.get(SEARCH, q="x")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "address_book_missing")


def test_a_terminal_without_compliant_posture_is_refused(loaded: FieldMaps) -> None:
    loaded.judge(1)
    answer = loaded.get(SEARCH, q="x")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_not_compliant")


def test_a_search_costs_few_statements(loaded: FieldMaps) -> None:
    loaded.get(SEARCH, q="x")
    assert statements(loaded.get(SEARCH, q=loaded.city.witness.text_zh)) <= 4
