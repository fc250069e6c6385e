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
from mdm.devices.fleet import FleetQuery, Terminal, find, listing
from mdm.devices.models import ManagedDevice
from mdm.devices.service import assign, held, read, report_found, report_lost, retire
from mdm.devices.timeline import Moment, Moments, Place, timeline

__all__ = [
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
    "Terminal",
    "assign",
    "find",
    "held",
    "listing",
    "read",
    "report_found",
    "report_lost",
    "retire",
    "timeline",
]
