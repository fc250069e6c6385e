"""Downloads: the bytes of a release, for terminals that may see it and for nobody else.

Start with `allowed.py` (which files those are), then `service.py`.
"""

from appstore.downloads.errors import AppNotOffered
from appstore.downloads.service import desired, fetch

__all__ = ["AppNotOffered", "desired", "fetch"]
