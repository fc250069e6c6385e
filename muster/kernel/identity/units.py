"""Units by id and by code, cached: they are read with every decision and change once a year."""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from muster.kernel.errors import NotFound
from muster.kernel.identity.models import Unit

if TYPE_CHECKING:
    from muster.kernel.db import Database
    from muster.kernel.kernel import Kernel

TOPIC = "units"
"""Published on the bus after units changed; every process then forgets what it knew."""


@dataclass(frozen=True)
class UnitRef:
    """A unit as neighbours need it; `path` is the codes from the root: `/CITY/NORTH/N1/`."""

    id: UUID
    code: str
    name: str
    path: str


class Units:
    """The cache of one process."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._lock = threading.Lock()
        self._known: dict[UUID | str, UnitRef] = {}
        self._age = 0

    def by_id(self, unit_id: UUID) -> UnitRef:
        """Return a unit, or raise `NotFound`."""
        return self._known.get(unit_id) or self._read(Unit.id == unit_id)

    def by_code(self, code: str) -> UnitRef:
        """Return the unit of a code, or raise `NotFound`."""
        return self._known.get(code) or self._read(Unit.code == code)

    def forget(self) -> None:
        """Read everything again from now on."""
        with self._lock:
            self._known.clear()
            self._age += 1

    def _read(self, condition: ColumnElement[bool]) -> UnitRef:
        age = self._age
        statement: Any = select(Unit.id, Unit.code, Unit.name, Unit.path).where(condition)
        with self._db.connect() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise NotFound("There is no such unit.")
        unit = UnitRef(*row)
        with self._lock:
            if age == self._age:  # else it may be older than the change that made us forget
                self._known[unit.id] = self._known[unit.code] = unit
        return unit


def unit_path(kernel: "Kernel", unit_id: UUID) -> str:
    """Return the path of a unit, or raise `NotFound`."""
    return kernel.people.unit(unit_id).path
