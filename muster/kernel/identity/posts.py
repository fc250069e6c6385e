"""Who holds which role where, and may use which data sets: cached by the officer's epoch.

Every change of either raises it.

Units are kept beside them, see `units.py`.
"""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from muster.kernel.identity.actor import Certification, Post
from muster.kernel.identity.models import Certification as CertificationRow
from muster.kernel.identity.models import RoleGrant, Unit
from muster.kernel.identity.units import UnitRef, Units

if TYPE_CHECKING:
    from muster.kernel.db import Database

_BOUND = 50_000


@dataclass(frozen=True)
class Standing:
    """What an officer holds as of an epoch, dates still to be judged."""

    posts: tuple[Post, ...]
    certifications: tuple[Certification, ...]


class People:
    """Roles and unit paths read often and changed rarely."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._units = Units(db)
        self._standing: dict[tuple[UUID, int], Standing] = {}
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
        return self.standing(officer_id, epoch).posts

    def standing(self, officer_id: UUID, epoch: int) -> Standing:
        """Return the officer's roles and certifications as of an epoch."""
        key = (officer_id, epoch)
        cached = self._standing.get(key)
        if cached is not None:
            return cached
        roles = (
            select(
                RoleGrant.role,
                Unit.code,
                RoleGrant.valid_from,
                RoleGrant.valid_until,
                RoleGrant.kind,
            )
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.officer_id == officer_id)
        )
        leaves = select(CertificationRow.dataset, CertificationRow.valid_until).where(
            CertificationRow.officer_id == officer_id
        )
        with self._db.connect() as connection:
            standing = Standing(
                tuple(Post(*row) for row in connection.execute(roles)),
                tuple(Certification(*row) for row in connection.execute(leaves)),
            )
        with self._lock:
            if len(self._standing) >= _BOUND:
                self._standing.clear()
            self._standing[key] = standing
        return standing
