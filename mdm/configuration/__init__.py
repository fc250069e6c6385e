"""What terminals must be: layers that people publish, merged, compiled, signed, and echoed.

Start with `effective.py` (the merge), then `layers.py` (which layers speak to whom), `compiled.py`
and `desired.py` (the document with its sections and hash). A neighbour that answers `SECTIONS`
calls `refresh` or `refresh_later` when its answer changes; `impose` and `lift` are for who orders
lost mode; the modules `service`, `publishing` and `following` are what people do.
"""

from mdm.configuration.changes import Change, leaves
from mdm.configuration.checking import checked
from mdm.configuration.desired import refresh, refresh_later, sealed_part
from mdm.configuration.effective import Effective, Layer, merge
from mdm.configuration.errors import DocumentInvalid
from mdm.configuration.incidents import impose, imposed, lift
from mdm.configuration.keys import BASE, ConfigurationDocument
from mdm.configuration.models import Configuration
from mdm.configuration.ports import SECTIONS, Section
from mdm.configuration.scopes import NAMES, ORGANISATION, name_of, named, scope_id
from mdm.configuration.scopes import concerned as spoken_to
from mdm.configuration.scopes import owner as owner_of
from mdm.configuration.scopes import titles as titles_of

__all__ = [
    "BASE",
    "NAMES",
    "ORGANISATION",
    "SECTIONS",
    "Change",
    "Configuration",
    "ConfigurationDocument",
    "DocumentInvalid",
    "Effective",
    "Layer",
    "Section",
    "checked",
    "impose",
    "imposed",
    "leaves",
    "lift",
    "merge",
    "name_of",
    "named",
    "owner_of",
    "refresh",
    "refresh_later",
    "scope_id",
    "sealed_part",
    "spoken_to",
    "titles_of",
]
