"""What telemetry asks of those above it: whose an app is, so that its publishers see its crashes."""

from typing import Protocol
from uuid import UUID

from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork


class AppOwners(Protocol):
    """Knows the apps of the store."""

    def unit_of(self, uow: UnitOfWork, package: str) -> UUID | None:
        """Return the unit that owns an app, None for one the store does not know."""


APP_OWNERS: Port[AppOwners] = Port("owners of apps")
"""Key: `store`."""
