"""Who holds which role where, cached by the officer's epoch: every change of roles raises it.

Units are kept beside them, see `units.py`.
"""

import threading
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from muster.kernel.identity.actor import Post
from muster.kernel.identity.models import RoleGrant, Unit
from muster.kernel.identity.units import UnitRef, Units

if TYPE_CHECKING:
    from muster.kernel.db import Database

_BOUND = 50_000


class People:
    """Roles and unit paths read often and changed rarely."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._units = Units(db)
        self._posts: dict[tuple[UUID, int], tuple[Post, ...]] = {}
        self._lock = threading.Lock()

    def unit(self, unit_id: UUID) -> UnitRef:
        """Return a unit, or raise `NotFound`."""
        return self._units.by_id(unit_id)

    def by_code(self, code: str) -> UnitRef:
        """Return the unit of a code, or raise `NotFound`."""
        return self._units.by_code(code)

    def forget(self) -> None:
        """Read units again from now on; called when the bus says they changed."""
        self._units.forget()

    def posts(self, officer_id: UUID, epoch: int) -> tuple[Post, ...]:
        """Return the officer's role grants as of an epoch, dates still to be judged."""
        key = (officer_id, epoch)
        cached = self._posts.get(key)
        if cached is not None:
            return cached
        statement = (
            select(RoleGrant.role, Unit.code, RoleGrant.valid_from, RoleGrant.valid_until)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.officer_id == officer_id)
        )
        with self._db.connect() as connection:
            posts = tuple(Post(*row) for row in connection.execute(statement))
        with self._lock:
            if len(self._posts) >= _BOUND:
                self._posts.clear()
            self._posts[key] = posts
        return posts
