"""Files that a data steward loads: read whole, refused with line numbers, or switched in at once.

A room answers `IMPORTERS` for its kind of file; `service.run` does the rest. Rooms whose rows are
replaced as a whole file them under the import's id and look only at the `current` one. Rooms of
this package may import it.
"""

from mobile_api.imports.bringing import bring
from mobile_api.imports.cells import Cells, csv_reading
from mobile_api.imports.errors import ImportFile, ImportKindUnknown, ImportOvertaken
from mobile_api.imports.events import ImportInForce
from mobile_api.imports.models import ImportPointer, ImportVersion
from mobile_api.imports.ports import IMPORTERS, Importer, Reading
from mobile_api.imports.service import Report, current, listing, run

__all__ = [
    "IMPORTERS",
    "Cells",
    "ImportFile",
    "ImportInForce",
    "ImportKindUnknown",
    "ImportOvertaken",
    "ImportPointer",
    "ImportVersion",
    "Importer",
    "Reading",
    "Report",
    "bring",
    "csv_reading",
    "current",
    "listing",
    "run",
]
