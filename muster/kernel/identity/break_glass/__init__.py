"""Break-glass: what somebody may open for themselves in need, for an hour, and the review after.

Start with `service.py`.
"""

from muster.kernel.identity.break_glass import service
from muster.kernel.identity.break_glass.models import BreakGlass

__all__ = ["BreakGlass", "service"]
