"""What terminals must be: layers that people publish, merged, compiled, signed, and echoed.

Start with `effective.py` (the merge), then `desired.py` (the document with its sections and hash).
A neighbour that answers `SECTIONS` calls `refresh` or `refresh_later` when its answer changes;
the other functions are what people do.
"""

from mdm.configuration.desired import refresh, refresh_later
from mdm.configuration.effective import Effective
from mdm.configuration.models import Configuration
from mdm.configuration.ports import SECTIONS, Section
from mdm.configuration.service import Sight, draft, listing, publish, revise, sight

__all__ = [
    "SECTIONS",
    "Configuration",
    "Effective",
    "Section",
    "Sight",
    "draft",
    "listing",
    "publish",
    "refresh",
    "refresh_later",
    "revise",
    "sight",
]
