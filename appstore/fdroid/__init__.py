"""F-Droid: the store as repositories that unmodified F-Droid clients read.

Nothing is stored as a file: what a terminal or a group may see is resolved at each request, rendered
in both formats of the protocol and signed in this process. `docs/protocols/fdroid.md` has the
addresses.

Start with `service.py`: there a request becomes a file. `views.py` says what is seen, `stamps.py`
which timestamp that has, `rendering.py` what it looks like; the formats themselves (`index_v1`,
`index_v2`, `entry`, `diff`, `jar`) are pure.
"""

from appstore.fdroid.accesses import LONGEST_DAYS, Granted, Listed, grant, listing, revoke
from appstore.fdroid.errors import FdroidAccessNotFound, NotInRepository
from appstore.fdroid.models import FdroidAccess
from appstore.fdroid.repository import Facts, Links, facts, links, to_group

__all__ = [
    "LONGEST_DAYS",
    "Facts",
    "FdroidAccess",
    "FdroidAccessNotFound",
    "Granted",
    "Links",
    "Listed",
    "NotInRepository",
    "facts",
    "grant",
    "links",
    "listing",
    "revoke",
    "to_group",
]
