"""The fleet: finding terminals, handing them out, lost and found, and what happened to each.

Start with `service.py`; `fleet.py` finds, `timeline.py` tells the history.
"""

from mdm.devices.events import (
    DeviceEnrolled,
    DeviceFound,
    DeviceLost,
    DeviceRetired,
    DeviceWiped,
)
from mdm.devices.fleet import FleetQuery, Terminal, find, holdings, labels, listing
from mdm.devices.models import ManagedDevice
from mdm.devices.service import assign, held, read, report_found, report_lost, retire
from mdm.devices.standing import MOST_COUNTED, Standing, standing
from mdm.devices.timeline import Moment, Moments, Place, timeline

__all__ = [
    "MOST_COUNTED",
    "DeviceEnrolled",
    "DeviceFound",
    "DeviceLost",
    "DeviceRetired",
    "DeviceWiped",
    "FleetQuery",
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
    "standing",
    "timeline",
]
