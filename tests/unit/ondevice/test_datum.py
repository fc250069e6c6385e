"""A report in GCJ-02 or BD-09 lands where the officer stands."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.ondevice import Datum, DatumError, from_wgs84, to_wgs84

CHINA = st.tuples(st.floats(73.0, 136.0), st.floats(2.0, 54.0))
EVERYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
TIANANMEN = (116.403988, 39.914266)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    shrink = math.cos(math.radians(a[1]))
    return math.hypot((a[0] - b[0]) * shrink, a[1] - b[1]) * 111_195


@given(CHINA, st.sampled_from(Datum))
def test_a_round_trip_in_china_stays_within_a_tenth_of_a_metre(
    place: tuple[float, float], datum: Datum
) -> None:
    assert metres(place, to_wgs84(*from_wgs84(*place, datum), datum)) < 0.1
    assert metres(place, from_wgs84(*to_wgs84(*place, datum), datum)) < 0.1


@given(EVERYWHERE, st.sampled_from(Datum))
def test_outside_china_every_datum_is_wgs84(place: tuple[float, float], datum: Datum) -> None:
    if not (71 < place[0] < 139 and 0 < place[1] < 57):
        assert from_wgs84(*place, datum) == place
        assert to_wgs84(*place, datum) == place


def test_known_positions_agree_with_the_published_converters() -> None:
    assert from_wgs84(*TIANANMEN, "bd09") == pytest.approx((116.416615601, 39.921965801), abs=1e-7)
    assert from_wgs84(116.404, 39.915, "gcj02") == pytest.approx(
        (116.410244499, 39.916404282), abs=1e-7
    )


@pytest.mark.parametrize(
    ("place", "shift"),
    [((110.29, 25.27), 559), ((118.05, 36.81), 545), ((116.40, 39.91), 555)],
    ids=["Guilin", "Zibo", "Beijing"],
)
def test_ignoring_gcj02_would_put_an_officer_in_the_wrong_beat(
    place: tuple[float, float], shift: float
) -> None:
    assert metres(place, from_wgs84(*place, Datum.GCJ02)) == pytest.approx(shift, abs=15)


def test_cgcs2000_counts_as_wgs84() -> None:
    assert to_wgs84(*TIANANMEN, Datum.CGCS2000) == TIANANMEN


def test_an_unknown_datum_is_refused_by_naming_the_known_ones() -> None:
    with pytest.raises(DatumError, match="wgs84, cgcs2000, gcj02, bd09"):
        to_wgs84(0, 0, "nad27")


@pytest.mark.parametrize("place", [(181, 0), (0, 91), (math.nan, 0), (0, math.inf)])
def test_numbers_that_are_no_position_are_refused(place: tuple[float, float]) -> None:
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(DatumError, match="no position"):
            convert(*place, "gcj02")
