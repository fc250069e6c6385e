"""The whole city from one seed, and its files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from muster.server.demo.city.addresses import Address, address_library, datum_witness
from muster.server.demo.city.beats import BEATS, Jurisdiction, beats_of, geojson, jurisdictions
from muster.server.demo.city.csv_text import csv_text
from muster.server.demo.city.duties import Shift, Task, roster, task_list
from muster.server.demo.city.force import Force, police_force
from muster.server.demo.city.hot_list import Cases, HotListEntry, hot_list
from muster.server.demo.city.incidents import LOCAL, Incident, incident_log
from muster.server.demo.city.names import place_names
from muster.server.demo.city.registers import Person, Vehicle, residents, vehicles
from muster.server.demo.city.streets import Street, road_grid, streets_geojson
from muster.server.demo.city.units import STATIONS_PER_DISTRICT, Unit, stations, unit_tree

SEED = 20261120
_STATIONS = sum(STATIONS_PER_DISTRICT)


@dataclass(frozen=True, slots=True)
class City:
    """Everything the demo knows before its first request.

    `witness` is an address in the first officer's beat that a position without its datum misses.
    """

    units: tuple[Unit, ...]
    force: Force
    areas: tuple[Jurisdiction, ...]
    streets: tuple[Street, ...]
    addresses: tuple[Address, ...]
    witness: Address
    persons: tuple[Person, ...]
    vehicles: tuple[Vehicle, ...]
    hot_list: tuple[HotListEntry, ...]
    cases: Cases
    incidents: tuple[Incident, ...]
    shifts: tuple[Shift, ...]
    tasks: tuple[Task, ...]

    def files(self) -> dict[str, str]:
        """File name to text, to be written as UTF-8: areas and streets GeoJSON, all else CSV."""
        return {
            "units.csv": csv_text(self.units),
            "officers.csv": csv_text(self.force.officers),
            "jurisdictions.geojson": geojson(self.areas),
            "streets.geojson": streets_geojson(self.streets),
            "addresses.csv": csv_text(self.addresses),
            "persons.csv": csv_text(self.persons),
            "vehicles.csv": csv_text(self.vehicles),
            "wanted.csv": csv_text(self.hot_list),
            "incidents.csv": csv_text(self.incidents),
            "shifts.csv": csv_text(self.shifts),
            "tasks.csv": csv_text(self.tasks),
        }

    def write(self, folder: Path) -> None:
        """Put all files into `folder`, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files().items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")


def generate(now: datetime, seed: int = SEED) -> City:
    """The city as it stands at `now` (aware); the same two arguments give the same bytes."""
    rng, day = Random(seed), now.astimezone(LOCAL).date()
    places = place_names(rng)
    posts = stations(places[:_STATIONS])
    areas = jurisdictions(posts, places[_STATIONS : _STATIONS + BEATS], rng)
    beats = beats_of(areas)
    streets = road_grid(iter(places[_STATIONS + BEATS :]), rng)
    addresses = address_library(streets, beats, rng)
    force = police_force(posts, day, rng)
    persons = residents(addresses, rng)
    fleet = vehicles(persons, rng)
    entries, cases = hot_list(persons, fleet, now, rng)
    incidents = incident_log(addresses, beats[0].code, now, rng)
    shifts = roster(force, beats, now)
    return City(
        units=unit_tree(posts),
        force=force,
        areas=areas,
        streets=streets,
        addresses=addresses,
        witness=datum_witness(addresses, beats, beats[0].code),
        persons=persons,
        vehicles=fleet,
        hot_list=entries,
        cases=cases,
        incidents=incidents,
        shifts=shifts,
        tasks=task_list(shifts, incidents, now),
    )
