"""A fictional city and its police force, generated from a seed in pure Python.

Start at `generate`: it draws place names, stations, beats, streets, addresses, people of the
force, registers, the hot list and the day's work from one random generator, in that order. No
database, no web.
"""

from muster.server.demo.city.beats import Jurisdiction, beat_at, beats_of
from muster.server.demo.city.city import SEED, City, generate
from muster.server.demo.city.force import Force, Leads, Officer
from muster.server.demo.city.hot_list import Cases
from muster.server.demo.city.plan import Point

__all__ = [
    "SEED",
    "Cases",
    "City",
    "Force",
    "Jurisdiction",
    "Leads",
    "Officer",
    "Point",
    "beat_at",
    "beats_of",
    "generate",
]
