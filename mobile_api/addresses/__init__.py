"""The address library: imported as a file, built into one artefact, searched as it is typed.

The way of a file: `importer.py` (rows under their import) → `jobs.py` (rows → artefact, a shared
blob) → `shelf.py` (the artefact opened by each process) → `service.py` (the questions). Terminals
carry the same artefact (`packages`). Rooms of this package may import it.
"""

from mobile_api.addresses.events import AddressBookBuilt
from mobile_api.addresses.jobs import MEDIA_TYPE
from mobile_api.addresses.models import AddressBookRow
from mobile_api.addresses.service import get, nearest, newest_book, search
from mobile_api.addresses.wiring import wire

__all__ = [
    "MEDIA_TYPE",
    "AddressBookBuilt",
    "AddressBookRow",
    "get",
    "nearest",
    "newest_book",
    "search",
    "wire",
]
