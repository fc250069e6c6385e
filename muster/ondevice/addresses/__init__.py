"""The address book: one immutable SQLite file that server and terminal search alike.

Start in `build.py` (the file) and `book.py` (the questions). A search runs through `query.py` (what
was typed), `recall.py` (which rows to compare) and `rank.py` (which is meant). Boundaries and
jurisdictions are not here: they need polygons. Any package may import it.
"""

from muster.ondevice.addresses.book import AddressBook
from muster.ondevice.addresses.build import build
from muster.ondevice.addresses.model import Address, AddressError, AddressHit

__all__ = ["Address", "AddressBook", "AddressError", "AddressHit", "build"]
