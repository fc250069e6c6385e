"""Managed configurations: what the store tells an app to be, by app and group of terminals.

Android developer documentation, "Set up managed configurations". Start with `layers.py` (whose word
counts), `restrictions.py` (what fits) and `values.py` (what terminals are given).
"""

from appstore.managed_configs.errors import AppConfigInvalid
from appstore.managed_configs.layers import EVERYBODY
from appstore.managed_configs.preview import Preview, preview
from appstore.managed_configs.service import Overview, listing, put, remove
from appstore.managed_configs.sheets import WRITE, Sheet, target
from appstore.managed_configs.values import values_for

__all__ = [
    "EVERYBODY",
    "WRITE",
    "AppConfigInvalid",
    "Overview",
    "Preview",
    "Sheet",
    "listing",
    "preview",
    "put",
    "remove",
    "target",
    "values_for",
]
