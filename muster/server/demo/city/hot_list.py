"""The hot list: wanted and missing people, stolen vehicles and documents, protection orders.

Every entry says what to beware of, what to do, and who owns it and answers at which number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from muster.server.demo.city.incidents import utc
from muster.server.demo.city.names import Name
from muster.server.demo.city.registers import Person, Vehicle

_PEOPLE = {"wanted": 24, "missing": 8, "protection_order": 4, "document": 4}
_STOLEN = 20
_VALID = timedelta(days=365)
_OLDEST_DAYS = 300
_CAUTIONS = ((), (), ("violent",), ("escape_risk",), ("armed", "violent"))
_ACTIONS = {
    "wanted": "控制并确认后移交 Detain, confirm with the owner, hand over",
    "missing": "就地看护并通知家属 Keep safe and call the family through the owner",
    "protection_order": "核对人身安全保护令 Check the protection order's conditions",
    "document": "收缴证件, 核实持有人 Seize the document, establish who holds it",
    "stolen": "扣车并确认 Hold the vehicle and confirm with the owner",
}
_AGENCIES = (
    (Name("云漓市公安局刑侦支队", "Yunli Criminal Investigation"), "0700-5550110", "24h"),
    (Name("云漓市公安局交警支队", "Yunli Traffic Police"), "0700-5550122", "24h"),
    (Name("远浦市公安局", "Yuanpu City Police"), "0700-5550171", "Mon-Fri 08:30-17:30"),
)

_Subject = tuple[str, Person | None, Vehicle | None]


@dataclass(frozen=True, slots=True)
class HotListEntry:
    """One row of wanted.csv.

    Which of `person_id`, `plate` and `vin` are filled follows from the category; caution is
    none or more of armed, violent, escape_risk, joined by `;`; times are UTC.
    """

    record_ref: str
    revision: int
    category: str
    person_id: str
    plate: str
    vin: str
    name: str
    name_en: str
    dob: str
    caution: tuple[str, ...]
    action_instruction: str
    owner_agency: str
    owner_phone: str
    owner_hours: str
    entered_at: str
    last_validated_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Whom and what the demo's officers meet on the road.

    `namesake` and `lookalike` resemble `wanted` and `stolen`, and must not be taken for them;
    `clean_person` keeps `clean_vehicle`, and neither is on the list.
    """

    wanted: Person
    namesake: Person
    missing: Person
    clean_person: Person
    stolen: Vehicle
    lookalike: Vehicle
    clean_vehicle: Vehicle


def hot_list(
    people: Sequence[Person], fleet: Sequence[Vehicle], now: datetime, rng: Random
) -> tuple[tuple[HotListEntry, ...], Cases]:
    """Sixty entries and the cases of the demo; the first person is wanted, armed and violent."""
    categories = [name for name, size in _PEOPLE.items() for _ in range(size)]
    sampled = [people[0], *rng.sample(people[1:-1], len(categories) - 1)]
    subjects: list[_Subject] = [
        *((name, person, None) for name, person in zip(categories, sampled, strict=True)),
        *(("stolen", None, vehicle) for vehicle in fleet[:_STOLEN]),
    ]
    entries = tuple(
        _entry(serial, subject, now, rng) for serial, subject in enumerate(subjects, start=1)
    )
    return entries, _cases(people, fleet, entries)


def _cases(
    people: Sequence[Person], fleet: Sequence[Vehicle], entries: Sequence[HotListEntry]
) -> Cases:
    persons = {person.person_id: person for person in people}
    missing = next(entry for entry in entries if entry.category == "missing")
    marked = {people[-1].person_id, *(entry.person_id for entry in entries)}
    clean = next(v for v in reversed(fleet[_STOLEN:-1]) if v.owner not in marked)
    return Cases(
        wanted=people[0],
        namesake=people[-1],
        missing=persons[missing.person_id],
        clean_person=persons[clean.owner],
        stolen=fleet[0],
        lookalike=fleet[-1],
        clean_vehicle=clean,
    )


def _entry(serial: int, subject: _Subject, now: datetime, rng: Random) -> HotListEntry:
    category, person, vehicle = subject
    entered = now - timedelta(days=rng.randrange(1, _OLDEST_DAYS), seconds=rng.randrange(86_400))
    agency, phone, hours = _AGENCIES[0] if serial == 1 else rng.choice(_AGENCIES)
    return HotListEntry(
        record_ref=f"H{serial:05}",
        revision=rng.randrange(1, 4),
        category=category,
        person_id=person.person_id if person else "",
        plate=vehicle.plate if vehicle else "",
        vin=vehicle.vin if vehicle else "",
        name=person.name if person else "",
        name_en=person.name_en if person else "",
        dob=person.dob.isoformat() if person else "",
        caution=_caution(serial, category, rng),
        action_instruction=_ACTIONS[category],
        owner_agency=f"{agency.zh} {agency.en}",
        owner_phone=phone,
        owner_hours=hours,
        entered_at=utc(entered),
        last_validated_at=utc(entered + (now - entered) * rng.random()),
        expires_at=utc(entered + _VALID),
    )


def _caution(serial: int, category: str, rng: Random) -> tuple[str, ...]:
    if serial == 1:
        return _CAUTIONS[-1]
    return rng.choice(_CAUTIONS) if category == "wanted" else ()
