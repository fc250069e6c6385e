"""Terminals in a leaver's hands, for the supervisor's list."""

from uuid import UUID

from mdm.devices.fleet import holdings
from muster.kernel.identity import Held
from muster.kernel.uow import UnitOfWork


class HeldTerminals:
    """Answers `HOLDINGS` for terminals."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return the terminals in service or lost that the officer holds."""
        found = holdings(uow, [officer_id])[officer_id]
        return [Held("terminal", str(device.id), device.label) for device in found]

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Leave them in the leaver's name: they must be fetched from somebody."""
