"""The offline hot list: keyed hashes with category, action and owner, never names or identifiers.

Start in `build.py` (how a list is written) and `book.py` (how it is asked). Any package may
import it; the colour of its answer is in `muster.ondevice.signals`.
"""

from muster.ondevice.hotlist.book import HotList
from muster.ondevice.hotlist.build import build
from muster.ondevice.hotlist.entries import Category, HotEntry, HotHit, HotListError

__all__ = ["Category", "HotEntry", "HotHit", "HotList", "HotListError", "build"]
