"""A leaver's ways in end with them: an account of the same number must not find them again."""

from uuid import UUID

from muster.kernel.identity.authenticators import oversight
from muster.kernel.identity.holdings import Held
from muster.kernel.identity.models import Officer
from muster.kernel.uow import UnitOfWork


class WaysIn:
    """Answers `HOLDINGS` for this room."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return nothing: nobody takes over a passkey."""
        return []

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Delete passkeys, app and recovery codes."""
        oversight.forget_all(uow, uow.session.get_one(Officer, officer_id))
