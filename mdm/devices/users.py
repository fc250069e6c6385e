"""Who may sign in on a terminal, beside what the kernel asks of officer and terminal."""

from uuid import UUID

from mdm.devices.errors import NotLetIn, TerminalOfAnother
from mdm.devices.models import ManagedDevice
from muster.kernel.errors import DomainError
from muster.kernel.uow import UnitOfWork


def refused(uow: UnitOfWork, device_id: UUID, officer_id: UUID) -> DomainError | None:
    """Return why an officer may not use a terminal, None if they may.

    Nobody uses one that waits to be let in; a personal one is its holder's alone.
    """
    managed = uow.session.get(ManagedDevice, device_id)
    if managed is None:
        return None
    if managed.awaiting:
        return NotLetIn()
    if managed.ownership == "personal" and managed.holder_id != officer_id:
        return TerminalOfAnother()
    return None
