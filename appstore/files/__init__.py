"""The download centre: documents, maps, certificates and Windows tools, for those they are meant for.

Start with `intake.py` (how bytes become a version) and `shelf.py` (who is given them); `kinds.py`
says which files are taken at all, `section.py` what terminals must have.
"""

from appstore.files.assigning import assign, assigned, unassign
from appstore.files.counting import Fetched
from appstore.files.intake import LARGEST, receive
from appstore.files.kinds import EXTENSIONS
from appstore.files.models import SLUG, FileVersion, StoreFile
from appstore.files.review import PUBLISH
from appstore.files.service import (
    Described,
    Listed,
    create,
    edit,
    listing,
    read,
    withdraw,
    withdraw_version,
)
from appstore.files.shelf import Item, fetch, on_shelf

__all__ = [
    "EXTENSIONS",
    "LARGEST",
    "PUBLISH",
    "SLUG",
    "Described",
    "Fetched",
    "FileVersion",
    "Item",
    "Listed",
    "StoreFile",
    "assign",
    "assigned",
    "create",
    "edit",
    "fetch",
    "listing",
    "on_shelf",
    "read",
    "receive",
    "unassign",
    "withdraw",
    "withdraw_version",
]
