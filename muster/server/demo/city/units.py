"""The police force's units as a tree: city bureau, three district branches, eight stations, squads.

Codes grow down the tree (`459900`, `459901`, `45990102`, `45990102-P`); the territorial ones are
at the same time the codes of the jurisdictions in `beats`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.server.demo.city.names import Name
from muster.server.demo.city.plan import CITY_CODE, CITY_EN, CITY_ZH

DISTRICTS = (Name("映江区", "Yingjiang District"), Name("榕阴区", "Rongyin District"),
             Name("霞屏区", "Xiaping District"))  # fmt: skip
STATIONS_PER_DISTRICT = (3, 3, 2)


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of units.csv; `parent` is a unit code, empty for the bureau."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Station:
    """A police station and the name of its quarter; `district` is the district's code."""

    code: str
    quarter: Name
    district: str


def district_code(index: int) -> str:
    """The code of district 0, 1 or 2."""
    return f"{int(CITY_CODE) + index + 1}"


def stations(names: Sequence[Name]) -> tuple[Station, ...]:
    """The eight stations, district by district, each named after one of `names`."""
    places = [
        (district_code(index), number)
        for index, count in enumerate(STATIONS_PER_DISTRICT)
        for number in range(1, count + 1)
    ]
    return tuple(
        Station(f"{district}{number:02}", quarter, district)
        for (district, number), quarter in zip(places, names, strict=True)
    )


def unit_tree(places: Sequence[Station]) -> tuple[Unit, ...]:
    """All units, parents before children: bureau, branches, stations, squads."""
    bureau = Unit(CITY_CODE, f"{CITY_ZH}公安局 {CITY_EN} Police Bureau", "")
    branches = (
        Unit(district_code(i), f"{name.zh[:-1]}分局 {name.en} Branch", CITY_CODE)
        for i, name in enumerate(DISTRICTS)
    )
    return (bureau, *branches, *(u for place in places for u in _station_units(place)))


def _station_units(place: Station) -> tuple[Unit, Unit, Unit]:
    zh, en = place.quarter
    return (
        Unit(place.code, f"{zh}派出所 {en} Station", place.district),
        Unit(f"{place.code}-P", f"{zh}巡逻组 {en} Patrol Squad", place.code),
        Unit(f"{place.code}-C", f"{zh}社区组 {en} Community Squad", place.code),
    )
