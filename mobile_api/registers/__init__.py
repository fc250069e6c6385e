"""Local registers: the hot list (`wanted`), known people and vehicles, each as its newest file.

Start with `lookup.py` (what a check asks) and `files.py` (how a file is read). `hot_entries`
feeds the offline hot list. Rooms of this package may import it.
"""

from mobile_api.registers.hot_entries import hot_entries
from mobile_api.registers.lookup import Found, Sources, look_up, sources
from mobile_api.registers.models import PersonRecord, VehicleRecord, WantedRecord
from mobile_api.registers.writing import IMPORTERS_HERE

__all__ = [
    "IMPORTERS_HERE",
    "Found",
    "PersonRecord",
    "Sources",
    "VehicleRecord",
    "WantedRecord",
    "hot_entries",
    "look_up",
    "sources",
]
