"""The demo's registers and hot list: identifiers that hold, cases that lead where they should."""

from datetime import datetime

import pytest

from muster.ondevice.subjects import normalise
from muster.server.demo.city import City


def test_every_identity_number_is_valid_and_agrees_with_its_row(city: City) -> None:
    for person in city.persons:
        subject = normalise("person_id", person.person_id)
        assert subject.valid
        assert person.person_id[6:14] == f"{person.dob:%Y%m%d}"
        assert person.sex == ("M" if int(person.person_id[16]) % 2 else "F")


@pytest.mark.parametrize("kind", ["plate", "vin"])
def test_every_vehicle_identifier_is_valid(city: City, kind: str) -> None:
    readings = [normalise(kind, getattr(vehicle, kind)) for vehicle in city.vehicles]
    assert all(reading.valid and reading.note is None for reading in readings)


def test_no_identity_number_uses_a_region_code_that_was_ever_issued(city: City) -> None:
    assert {p.person_id[:6] for p in city.persons} <= {"459901", "459902", "459903"}


def test_people_live_at_known_addresses_and_keep_the_vehicles(city: City) -> None:
    addresses = {address.code for address in city.addresses}
    people = {person.person_id for person in city.persons}
    assert {person.address for person in city.persons} <= addresses
    assert {vehicle.owner for vehicle in city.vehicles} <= people


def test_every_entry_has_a_subject_an_instruction_and_an_owner_to_call(city: City) -> None:
    people = {person.person_id for person in city.persons}
    plates = {vehicle.plate for vehicle in city.vehicles}
    for entry in city.hot_list:
        assert entry.person_id in people or entry.plate in plates
        assert entry.action_instruction
        assert entry.owner_agency
        assert entry.owner_phone.startswith("0700-")


def test_no_entry_lies_in_the_future_or_has_expired(city: City, now: datetime) -> None:
    for entry in city.hot_list:
        entered, validated, expires = (
            datetime.fromisoformat(moment)
            for moment in (entry.entered_at, entry.last_validated_at, entry.expires_at)
        )
        assert entered <= validated <= now < expires


def test_the_wanted_case_is_listed_with_its_caution(city: City) -> None:
    entry = next(e for e in city.hot_list if e.person_id == city.cases.wanted.person_id)
    assert entry.category == "wanted"
    assert entry.caution == ("armed", "violent")


def test_lookalikes_and_clean_cases_are_not_listed(city: City) -> None:
    listed = {e.person_id for e in city.hot_list} | {e.plate for e in city.hot_list}
    cases = city.cases
    assert cases.stolen.plate in listed
    assert cases.missing.person_id in listed
    assert not listed & {
        cases.namesake.person_id, cases.clean_person.person_id,
        cases.lookalike.plate, cases.clean_vehicle.plate,
    }  # fmt: skip


def test_the_namesake_shares_the_name_and_the_lookalike_almost_the_plate(city: City) -> None:
    cases = city.cases
    assert cases.namesake.name == cases.wanted.name
    assert cases.namesake.person_id != cases.wanted.person_id
    stolen, lookalike = (normalise("plate", v.plate) for v in (cases.stolen, cases.lookalike))
    assert stolen.subject != lookalike.subject
    assert stolen.folded == lookalike.folded
