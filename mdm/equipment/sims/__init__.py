"""SIM cards: which there are, whose number each has, and which thing it is in. Start: `service.py`."""

from mdm.equipment.sims.file import NEEDED, OPTIONAL, export, take
from mdm.equipment.sims.models import Sim, SimUse
from mdm.equipment.sims.service import (
    STATES,
    Card,
    SimDetails,
    SimQuery,
    change,
    listing,
    place,
    read,
    register,
    target,
    uses,
    within,
)

__all__ = [
    "NEEDED",
    "OPTIONAL",
    "STATES",
    "Card",
    "Sim",
    "SimDetails",
    "SimQuery",
    "SimUse",
    "change",
    "export",
    "listing",
    "place",
    "read",
    "register",
    "take",
    "target",
    "uses",
    "within",
]
