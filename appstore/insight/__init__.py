"""Insight: how an app does once it is out, version by version; never how an officer does.

Start with `service.py`; `snapshots.py` keeps a line of history a day.
"""

from appstore.insight.service import Insight, Version, read

__all__ = ["Insight", "Version", "read"]
