"""The generated city as a whole: the same from the same seed, and complete on disk."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

from muster.server.demo.city import City, generate


def test_the_same_seed_gives_the_same_bytes(city: City, now: datetime) -> None:
    assert generate(now).files() == city.files()


def test_another_seed_gives_another_city(city: City, now: datetime) -> None:
    other = generate(now, seed=1).files()
    same = {name for name, text in city.files().items() if other[name] == text}
    assert same <= {"shifts.csv"}  # the roster follows the clock alone


def test_the_people_and_places_are_the_same_tomorrow(city: City, now: datetime) -> None:
    tomorrow = generate(now + timedelta(days=1)).files()
    lasting = ("units.csv", "jurisdictions.geojson", "addresses.csv", "persons.csv", "vehicles.csv")
    assert all(tomorrow[name] == city.files()[name] for name in lasting)
    assert tomorrow["incidents.csv"] != city.files()["incidents.csv"]


def test_every_file_is_written_and_readable(city: City, tmp_path: Path) -> None:
    city.write(tmp_path / "city")
    for name in city.files():
        text = (tmp_path / "city" / name).read_text(encoding="utf-8")
        if name.endswith(".csv"):
            rows = list(csv.DictReader(text.splitlines()))
            assert rows, name
            assert all(None not in row and None not in row.values() for row in rows), name
        else:
            assert json.loads(text)["type"] == "FeatureCollection"


def test_no_two_rows_share_a_key(city: City) -> None:
    columns = {
        "officer": [o.number for o in city.force.officers],
        "unit": [u.code for u in city.units],
        "area": [a.code for a in city.areas],
        "person": [p.person_id for p in city.persons],
        "plate": [v.plate for v in city.vehicles],
        "vin": [v.vin for v in city.vehicles],
        "address": [(a.street_zh, a.number) for a in city.addresses],
        "incident": [i.number for i in city.incidents],
        "task": [t.number for t in city.tasks],
    }
    doubled = [name for name, keys in columns.items() if len(keys) != len(set(keys))]
    assert doubled == []
