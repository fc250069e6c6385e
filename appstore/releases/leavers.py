"""Apps that a leaver brought in, for the supervisor's list: somebody must answer for them."""

from uuid import UUID

from sqlalchemy import select

from appstore.releases.models import Release
from muster.kernel.identity import Held
from muster.kernel.uow import UnitOfWork

_OVER = ("rejected", "superseded", "retired", "blocked")


class OwnedApps:
    """Answers `HOLDINGS` for the store."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return the packages whose living releases the officer submitted."""
        query = select(Release.package, Release.id).where(
            Release.submitted_by == officer_id, Release.state.not_in(_OVER)
        )
        newest = {row.package: row.id for row in uow.session.execute(query.order_by(Release.id))}
        return [
            Held("app", str(release_id), package or "?")
            for package, release_id in sorted(newest.items())
        ]

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Leave them: officers in the field use them tonight."""
