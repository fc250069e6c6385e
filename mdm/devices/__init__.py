"""The fleet: finding terminals, handing them out, lost and found, and what happened to each.

Start with `service.py` and `losing.py`; `fleet.py` finds, `timeline.py` tells the history.
"""

from mdm.devices.classes import CLASSES
from mdm.devices.events import (
    DeviceEnrolled,
    DeviceFound,
    DeviceLost,
    DeviceRetired,
    DeviceWiped,
)
from mdm.devices.filters import FleetQuery
from mdm.devices.fleet import Terminal, find, holdings, labels
from mdm.devices.losing import Found, report_found, report_lost
from mdm.devices.models import ManagedDevice
from mdm.devices.searching import FleetPage, listing, search
from mdm.devices.service import assign, held, read, retire
from mdm.devices.standing import MOST_COUNTED, Standing, standing
from mdm.devices.timeline import Moment, Moments, Place, timeline

__all__ = [
    "CLASSES",
    "MOST_COUNTED",
    "DeviceEnrolled",
    "DeviceFound",
    "DeviceLost",
    "DeviceRetired",
    "DeviceWiped",
    "FleetPage",
    "FleetQuery",
    "Found",
    "ManagedDevice",
    "Moment",
    "Moments",
    "Place",
    "Standing",
    "Terminal",
    "assign",
    "find",
    "held",
    "holdings",
    "labels",
    "listing",
    "read",
    "report_found",
    "report_lost",
    "retire",
    "search",
    "standing",
    "timeline",
]
