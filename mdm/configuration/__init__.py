"""What terminals must be: layers that people publish, merged, compiled, signed, and echoed.

Start with `effective.py` (the merge), then `layers.py` (which layers speak to whom), `compiled.py`
and `desired.py` (the document with its sections and hash). A neighbour that answers `SECTIONS`
calls `refresh` or `refresh_later` when its answer changes; `impose` and `lift` are for who orders
lost mode; the modules `service`, `publishing` and `following` are what people do.
"""

from mdm.configuration.changes import Change, leaves
from mdm.configuration.checking import checked
from mdm.configuration.desired import refresh, refresh_later
from mdm.configuration.effective import Effective
from mdm.configuration.errors import DocumentInvalid
from mdm.configuration.incidents import impose, imposed, lift
from mdm.configuration.keys import BASE, ConfigurationDocument
from mdm.configuration.models import Configuration
from mdm.configuration.ports import SECTIONS, Section
from mdm.configuration.scopes import NAMES, scope_id

__all__ = [
    "BASE",
    "NAMES",
    "SECTIONS",
    "Change",
    "Configuration",
    "ConfigurationDocument",
    "DocumentInvalid",
    "Effective",
    "Section",
    "checked",
    "impose",
    "imposed",
    "leaves",
    "lift",
    "refresh",
    "refresh_later",
    "scope_id",
]
