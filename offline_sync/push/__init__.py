"""Push: a terminal's edits, each judged, applied and answered by itself.

`verdict.py` says what an edit means, `row.py` is the savepoint it runs in, `service.py` does it.
"""

from offline_sync.push.row import RowUnit
from offline_sync.push.service import Edit, push

__all__ = ["Edit", "RowUnit", "push"]
