"""A file of jurisdictions is read whole: every flaw is named by where it stands."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mobile_api.layers.geojson import read_areas

SQUARE = [[110.0, 25.0], [110.1, 25.0], [110.1, 25.1], [110.0, 25.1], [110.0, 25.0]]
BOW_TIE = [[110.0, 25.0], [110.1, 25.1], [110.1, 25.0], [110.0, 25.1], [110.0, 25.0]]
Document = dict[str, Any]


def document() -> Document:
    return {"type": "FeatureCollection", "features": [feature("C", "city", None)]}


def feature(code: str, level: str, parent: str | None) -> Document:
    properties = {"code": code, "name": code, "name_en": "", "level": level, "parent": parent}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [copy.deepcopy(SQUARE)]},
    }


def ring(wanted: Any) -> Callable[[Document], None]:
    def change(sent: Document) -> None:
        sent["features"][0]["geometry"]["coordinates"][0] = wanted

    return change


def property_is(name: str, value: Any) -> Callable[[Document], None]:
    def change(sent: Document) -> None:
        sent["features"][0]["properties"][name] = value

    return change


def test_a_sound_area_keeps_its_border_and_loses_its_altitude() -> None:
    sent = document()
    high = [[*position, 150.0] for position in SQUARE]
    sent["features"][0]["geometry"]["coordinates"] = [high]
    drafts, faults = read_areas(json.dumps(sent).encode())
    assert faults == []
    assert shapely.from_wkb(drafts[0].wkb).equals(shapely.Polygon(SQUARE))


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        (ring(BOW_TIE), "/features/0/geometry/coordinates", "Self-intersection"),
        (ring(SQUARE[:-1]), "/features/0/geometry/coordinates/0", "not closed"),
        (ring([SQUARE[0]] * 4), "/features/0/geometry/coordinates", "border"),
        (ring(SQUARE[:2]), "/features/0/geometry/coordinates/0", "4 to"),
        (ring([[25.0, 110.0], *SQUARE[1:]]), "/features/0/geometry/coordinates/0/0", "longitude"),
        (ring([[True, 1], *SQUARE[1:]]), "/features/0/geometry/coordinates/0/0", "position"),
        (ring(None), "/features/0/geometry/coordinates/0", "empty"),
        (property_is("level", "parish"), "/features/0/properties/level", "city, district"),
        (property_is("code", "a code"), "/features/0/properties/code", "letters"),
        (property_is("code", None), "/features/0/properties/code", "text"),
        (property_is("name", "x" * 201), "/features/0/properties/name", "200"),
        (property_is("name", "a\0b"), "/features/0/properties/name", "text"),
        (property_is("parent", "X"), "/features/0/properties/parent", "no parent"),
        (lambda sent: sent.update(type="Topology"), "/type", "FeatureCollection"),
        (lambda sent: sent.update(features=[]), "/features", "features"),
        (lambda sent: sent.update(crs={"name": "EPSG:4508"}), "/crs", "reproject"),
        (lambda sent: sent["features"].append(7), "/features/1", "Feature"),
        (
            lambda sent: sent["features"].append(feature("C", "city", None)),
            "/features/1/properties/code",
            "twice",
        ),
        (
            lambda sent: sent["features"].append(feature("B", "beat", "C")),
            "/features/1/properties/parent",
            "station",
        ),
        (
            lambda sent: sent["features"][0].update(geometry={"type": "Point"}),
            "/features/0/geometry/type",
            "Polygon",
        ),
    ],
)
def test_a_flaw_is_named(change: Callable[[Document], None], pointer: str, words: str) -> None:
    sent = document()
    change(sent)
    _, faults = read_areas(json.dumps(sent).encode())
    assert faults[0].pointer == pointer
    assert words in faults[0].detail


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"[", b'{"type": NaN}', b"[" * 100_000, b"1" * 5000],
    ids=["not text", "cut", "NaN", "too deep", "too long a number"],
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    drafts, faults = read_areas(data)
    assert drafts == []
    assert "JSON" in faults[0].detail


def test_the_children_of_a_flawed_area_are_not_called_orphans() -> None:
    sent = document()
    sent["features"].append(feature("D", "district", "C"))
    property_is("name", "")(sent)
    _, faults = read_areas(json.dumps(sent).encode())
    assert [fault.pointer for fault in faults] == ["/features/0/properties/name"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(geometry=_JSON, properties=_JSON)
def test_whatever_is_sent_becomes_areas_or_faults(geometry: Any, properties: Any) -> None:
    sent = document()
    sent["features"][0] |= {"geometry": geometry, "properties": properties}
    drafts, faults = read_areas(json.dumps(sent).encode())
    assert bool(drafts) != bool(faults)


@given(coordinates=_JSON, kind=st.sampled_from(["Polygon", "MultiPolygon"]))
def test_whatever_the_coordinates_are_they_become_a_border_or_faults(
    coordinates: Any, kind: str
) -> None:
    sent = document()
    sent["features"][0]["geometry"] = {"type": kind, "coordinates": coordinates}
    drafts, faults = read_areas(json.dumps(sent).encode())
    assert bool(drafts) != bool(faults)
