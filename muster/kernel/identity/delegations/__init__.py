"""Roles lent for a while: delegations of hours, deputies of weeks, and grants for good.

Start with `service.py` (lending) and `grants.py` (granting and withdrawing).
"""

from muster.kernel.identity.delegations import grants, service
from muster.kernel.identity.delegations.models import RoleRequest

__all__ = ["RoleRequest", "grants", "service"]
