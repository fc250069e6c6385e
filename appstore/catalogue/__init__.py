"""The catalogue: each app once, with its owner, its pinned signers and its releases.

Start with `service.py`.
"""

from appstore.catalogue import lookup
from appstore.catalogue.errors import AppNotFound
from appstore.catalogue.models import App
from appstore.catalogue.service import Described, Listed, edit, listing, read

__all__ = ["App", "AppNotFound", "Described", "Listed", "edit", "listing", "lookup", "read"]
