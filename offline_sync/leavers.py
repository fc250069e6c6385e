"""Work of a leaver that waits here: conflicts to settle and quarantined items to release."""

from uuid import UUID

from sqlalchemy import select

from muster.kernel.identity import Held
from muster.kernel.uow import UnitOfWork
from offline_sync.conflicts.models import ConflictCopy
from offline_sync.quarantine.models import QuarantinedItem

_MOST = 500


class UnsentWork:
    """Answers `HOLDINGS` for work that came in and is not settled; it stays its author's."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return open conflicts and held items of the officer."""
        conflicts = select(ConflictCopy).where(
            ConflictCopy.officer_id == officer_id, ConflictCopy.state == "open"
        )
        items = select(QuarantinedItem).where(
            QuarantinedItem.officer_id == officer_id, QuarantinedItem.state == "held"
        )
        return [
            *(
                Held("conflict", str(row.id), f"{row.source} {row.doc_id}")
                for row in uow.session.scalars(conflicts.limit(_MOST))
            ),
            *(
                Held("quarantine", str(row.id), ", ".join(row.reasons))
                for row in uow.session.scalars(items.limit(_MOST))
            ),
        ]

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Keep it: unsent work is never lost."""
