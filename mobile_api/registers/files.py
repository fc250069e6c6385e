"""Rows of `persons.csv`, `vehicles.csv` and `wanted.csv` as drafts ready to be written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from mobile_api.imports import Cells
from muster.ondevice.hotlist import Category
from muster.ondevice.subjects import Normalised, SubjectError, SubjectKind, name_text, normalise

PERSONS: Final = ("person_id", "name", "name_en", "sex", "dob", "address", "address_text")
VEHICLES: Final = (
    "plate", "vin", "model", "model_en", "colour", "owner", "owner_name", "registered_on",
)  # fmt: skip
WANTED: Final = (
    "record_ref", "revision", "category", "person_id", "plate", "vin", "name", "name_en", "dob",
    "caution", "action_instruction", "owner_agency", "owner_phone", "owner_hours", "entered_at",
    "last_validated_at", "expires_at",
)  # fmt: skip
CAUTIONS: Final = ("armed", "violent", "escape_risk", "self_harm", "infectious", "dangerous_dog")


@dataclass
class Draft:
    """A record's own columns, and what it is found by."""

    columns: dict[str, Any]
    subjects: list[Normalised] = field(default_factory=list)


def person(cells: Cells) -> Draft:
    """Read one row of `persons.csv`."""
    number = cells.subject("person_id", SubjectKind.PERSON_ID)
    name, name_en = cells.text("name", 200), cells.text("name_en", 200, required=False)
    dob = cells.day("dob")
    columns = {
        "person_id": number.subject.normal_form[:32] if number else "",
        "name": name,
        "name_en": name_en,
        "sex": cells.choice("sex", ("F", "M", "X")),
        "dob": dob,
        "address": cells.text("address", 64, required=False),
        "address_text": cells.text("address_text", 300, required=False),
    }
    return Draft(columns, [*_present(number), *_names(cells, (name, name_en), dob)])


def vehicle(cells: Cells) -> Draft:
    """Read one row of `vehicles.csv`."""
    plate = cells.subject("plate", SubjectKind.PLATE)
    vin = cells.subject("vin", SubjectKind.VIN, required=False)
    columns = {
        "plate": plate.subject.normal_form[:16] if plate else "",
        "vin": vin.subject.normal_form[:17] if vin else "",
        "model": cells.text("model", 100, required=False),
        "model_en": cells.text("model_en", 100, required=False),
        "colour": cells.text("colour", 32, required=False),
        "owner": cells.text("owner", 32, required=False),
        "owner_name": cells.text("owner_name", 200, required=False),
        "registered_on": cells.day("registered_on", required=False),
    }
    return Draft(columns, [*_present(plate), *_present(vin)])


def wanted(cells: Cells) -> Draft:
    """Read one row of `wanted.csv`; without any identifier or name it could never be found."""
    name = cells.text("name", 200, required=False)
    name_en = cells.text("name_en", 200, required=False)
    dob = cells.day("dob", required=False)
    found_by = [
        *_present(cells.subject("person_id", SubjectKind.PERSON_ID, required=False)),
        *_present(cells.subject("plate", SubjectKind.PLATE, required=False)),
        *_present(cells.subject("vin", SubjectKind.VIN, required=False)),
        *_names(cells, (name, name_en), dob),
    ]
    if not found_by:
        cells.fault("record_ref", "Give an identity number, a plate, a VIN or a name.")
    columns = {
        "record_ref": cells.text("record_ref", 64),
        "revision": cells.whole("revision"),
        "category": cells.choice("category", list(Category)),
        "name": name,
        "name_en": name_en,
        "dob": dob,
        "caution": cells.words("caution", CAUTIONS),
        "action_instruction": cells.text("action_instruction", 500),
        "owner_agency": cells.text("owner_agency", 200),
        "owner_phone": cells.text("owner_phone", 64),
        "owner_hours": cells.text("owner_hours", 64, required=False),
        "entered_at": cells.moment("entered_at"),
        "last_validated_at": cells.moment("last_validated_at"),
        "expires_at": cells.moment("expires_at"),
    }
    return Draft(columns, found_by)


def _present(reading: Normalised | None) -> list[Normalised]:
    return [reading] if reading is not None else []


def _names(cells: Cells, names: tuple[str, str], dob: date | None) -> list[Normalised]:
    readings = []
    for column, name in zip(("name", "name_en"), names, strict=True):
        if name:
            try:
                readings.append(normalise(SubjectKind.NAME, name_text(name, dob)))
            except SubjectError as error:
                cells.fault(column, f"{error}.")
    return readings
