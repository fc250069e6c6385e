"""What a leaver's open requests become: a line each for the supervisor, and nothing anybody can approve."""

from uuid import UUID

from sqlalchemy import select

from muster.kernel.approvals.models import Approval
from muster.kernel.identity.holdings import Held
from muster.kernel.uow import UnitOfWork


class OpenRequests:
    """Answers `HOLDINGS` for this room."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return the requests of the officer that wait for a second person."""
        return [Held("approval", str(row.id), row.label) for row in _open(uow, officer_id)]

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Cancel them: nobody can be asked any more why."""
        for row in _open(uow, officer_id):
            row.state, row.decided_at, row.note = "cancelled", uow.now(), "The requester has left."


def _open(uow: UnitOfWork, officer_id: UUID) -> list[Approval]:
    query = select(Approval).where(Approval.requested_by == officer_id, Approval.state == "open")
    return list(uow.session.scalars(query.order_by(Approval.id)))
