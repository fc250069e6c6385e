"""The registers an officer asks: twelve hundred residents and seven hundred vehicles.

Ages count from a fixed census day, not from today, so that a demo started again tomorrow knows
the same people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from muster.server.demo.city import identifiers
from muster.server.demo.city.addresses import Address
from muster.server.demo.city.names import Name, person_name

PERSONS = 1200
VEHICLES = 700
CENSUS = date(2026, 11, 1)
_YOUNGEST = 16
_AGES = 70
_FULL_AGE = 18
_DAYS_PER_YEAR = 365
_MODELS = (Name("青隼 E2", "Qingsun E2"), Name("青隼 V6", "Qingsun V6"),
           Name("白鹭 城市", "Bailu City"), Name("山狸 皮卡", "Shanli Pickup"))  # fmt: skip
_STOLEN_PLATE, _LOOKALIKE_PLATE = "桂ZK8B52", "桂ZKBB52"
_COLOURS = ("white", "black", "silver", "grey", "blue", "red")


@dataclass(frozen=True, slots=True)
class Person:
    """One row of persons.csv; sex is F or M, `address` an address code."""

    person_id: str
    name: str
    name_en: str
    sex: str
    dob: date
    address: str
    address_text: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One row of vehicles.csv; `owner` is the keeper's identity number."""

    plate: str
    vin: str
    model: str
    model_en: str
    colour: str
    owner: str
    owner_name: str
    registered_on: date


def residents(addresses: Sequence[Address], rng: Random) -> tuple[Person, ...]:
    """`PERSONS` people of 16 to 85 years at known addresses, no identity number twice.

    The last one is the namesake of the first: same name, born a year later on the same day.
    """
    people: dict[str, Person] = {}
    while len(people) < PERSONS - 1:
        age = rng.randrange(_YOUNGEST * _DAYS_PER_YEAR, (_YOUNGEST + _AGES) * _DAYS_PER_YEAR)
        person = _person(
            person_name(rng),
            rng.random() < 0.5,
            CENSUS - timedelta(days=age),
            rng.choice(addresses),
            rng,
        )
        people[person.person_id] = person
    first = next(iter(people.values()))
    namesake = _person(
        Name(first.name, first.name_en),
        first.sex == "F",
        first.dob + timedelta(days=_DAYS_PER_YEAR),
        rng.choice(addresses),
        rng,
    )
    return (*people.values(), namesake)


def vehicles(people: Sequence[Person], rng: Random) -> tuple[Vehicle, ...]:
    """`VEHICLES` vehicles of adults, no plate or VIN twice.

    The last one looks like the first: its plate differs only in a B where the other has an 8.
    """
    drivers = [p for p in people if (CENSUS - p.dob).days > _FULL_AGE * _DAYS_PER_YEAR]
    fleet = {_STOLEN_PLATE: _vehicle(_STOLEN_PLATE, rng.choice(drivers), rng)}
    while len(fleet) < VEHICLES - 1:
        plate = identifiers.plate(rng)
        fleet[plate] = _vehicle(plate, rng.choice(drivers), rng)
    lookalike = _vehicle(_LOOKALIKE_PLATE, rng.choice(drivers), rng)
    first = fleet[_STOLEN_PLATE]
    return (*fleet.values(), replace(lookalike, model=first.model, model_en=first.model_en))


def _person(name: Name, female: bool, dob: date, home: Address, rng: Random) -> Person:
    return Person(
        person_id=identifiers.person_id(home.district, dob, female=female, rng=rng),
        name=name.zh,
        name_en=name.en,
        sex="F" if female else "M",
        dob=dob,
        address=home.code,
        address_text=home.text_zh,
    )


def _vehicle(plate: str, owner: Person, rng: Random) -> Vehicle:
    model = rng.choice(_MODELS)
    return Vehicle(
        plate=plate,
        vin=identifiers.vin(rng),
        model=model.zh,
        model_en=model.en,
        colour=rng.choice(_COLOURS),
        owner=owner.person_id,
        owner_name=owner.name,
        registered_on=CENSUS - timedelta(days=rng.randrange(20, 3000)),
    )
