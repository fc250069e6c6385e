"""Incidents as the dispatch system reports them: loaded as files, held by terminals of their unit.

Start with `service.py`. Rooms of this package may import it.
"""

from mobile_api.incidents.collection import IncidentCollection
from mobile_api.incidents.file import IMPORTER
from mobile_api.incidents.models import Incident
from mobile_api.incidents.service import find, listing

__all__ = ["IMPORTER", "Incident", "IncidentCollection", "find", "listing"]
