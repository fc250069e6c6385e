"""The address library: about five thousand door numbers, in Chinese and in Latin script."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from muster.ondevice.datum import Datum, from_wgs84
from muster.server.demo.city.beats import Jurisdiction, beat_at
from muster.server.demo.city.names import Name
from muster.server.demo.city.plan import CITY_ZH, Point
from muster.server.demo.city.streets import Street
from muster.server.demo.city.units import DISTRICTS, district_code

DOOR_METRES = 50.0
_SETBACK_METRES = 14.0
_BUILDING_SHARE = 0.4
_BUILDINGS = 12


@dataclass(frozen=True, slots=True)
class Address:
    """One row of addresses.csv; `district` and `beat` are codes, lon and lat are WGS-84."""

    code: str
    text_zh: str
    text_en: str
    district: str
    street_zh: str
    street_en: str
    number: int
    building: str
    community_zh: str
    community_en: str
    beat: str
    lon: float
    lat: float

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)


def address_library(
    streets: Iterable[Street], beats: Sequence[Jurisdiction], rng: Random
) -> tuple[Address, ...]:
    """Every door in the city, street by street; odd numbers left of the road, even right."""
    doors = (
        (street, number, beat, point)
        for street in streets
        for number, point in _doors(street, rng)
        if (beat := beat_at(beats, point))
    )
    return tuple(
        _address(f"D{serial:05}", street, number, _building(rng), beat, point)
        for serial, (street, number, beat, point) in enumerate(doors, start=1)
    )


def datum_witness(
    addresses: Iterable[Address], beats: Sequence[Jurisdiction], home: str
) -> Address:
    """A door in the beat `home` whose GCJ-02 numbers, taken for WGS-84, lie in another beat."""
    for address in addresses:
        shifted = Point(*from_wgs84(address.lon, address.lat, Datum.GCJ02))
        if address.beat == home and (wrong := beat_at(beats, shifted)) and wrong.code != home:
            return address
    raise LookupError(f"the GCJ-02 shift leads no door of beat {home} into another beat")


def _doors(street: Street, rng: Random) -> Iterator[tuple[int, Point]]:
    for number in range(1, int(street.length // DOOR_METRES) + 1):
        aside = _SETBACK_METRES if number % 2 else -_SETBACK_METRES
        along = number * DOOR_METRES + rng.uniform(-12, 12)
        yield number, street.beside(along, aside + rng.uniform(-4, 4))


def _building(rng: Random) -> int:
    return rng.randint(1, _BUILDINGS) if rng.random() < _BUILDING_SHARE else 0


def _address(
    code: str, street: Street, number: int, building: int, beat: Jurisdiction, point: Point
) -> Address:
    district = beat.code[: len(district_code(0))]
    area = _district_name(district)
    community = Name(f"{beat.name.zh}社区", f"{beat.name.en} Community")
    block_zh, block_en = (f"{building}栋", f", Building {building}") if building else ("", "")
    return Address(
        code=code,
        text_zh=f"{CITY_ZH}{area.zh}{community.zh}{street.name.zh}{number}号{block_zh}",
        text_en=f"{number} {street.name.en}{block_en}, {community.en}, {area.en}",
        district=district,
        street_zh=street.name.zh,
        street_en=street.name.en,
        number=number,
        building=str(building or ""),
        community_zh=community.zh,
        community_en=community.en,
        beat=beat.code,
        lon=point.lon,
        lat=point.lat,
    )


def _district_name(code: str) -> Name:
    return DISTRICTS[int(code) - int(district_code(0))]
