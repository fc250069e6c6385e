"""Whose an app is, for those below who hold something about it: its crashes."""

from uuid import UUID

from sqlalchemy import select

from appstore.catalogue.models import App
from muster.kernel.uow import UnitOfWork


class StoreOwners:
    """Answers `APP_OWNERS`."""

    def unit_of(self, uow: UnitOfWork, package: str) -> UUID | None:
        """Return the unit whose publishers brought the app."""
        return uow.session.scalar(select(App.unit_id).where(App.package == package))
