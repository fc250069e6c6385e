"""The spatial index in memory: one STRtree per version, read once by each process.

It needs nothing of the database but the rows, so it works alike on SQLite and PostgreSQL.
"""

import threading
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from mobile_api.layers.index import Area, Located
from mobile_api.layers.models import AreaRow
from muster.kernel.uow import UnitOfWork
from muster.ondevice.datum import Point

if TYPE_CHECKING:
    from mobile_api.layers.borders import Borders

_KEPT = 2  # the version in force, and the one that requests under way may still use
_ROWS = select(
    AreaRow.code, AreaRow.name, AreaRow.name_en, AreaRow.level, AreaRow.parent, AreaRow.wkb
)


class TreeIndex:
    """Areas in memory; any thread may ask."""

    def __init__(self) -> None:
        self._trees: dict[UUID, Borders] = {}
        self._lock = threading.Lock()

    def locate(self, uow: UnitOfWork, version: UUID, point: Point) -> Located:
        """Return what covers a position; the first question about a version reads its rows."""
        tree = self._trees.get(version) or self._grow(uow, version)
        return tree.locate(point)

    def _grow(self, uow: UnitOfWork, version: UUID) -> "Borders":
        from mobile_api.layers.borders import Borders  # shapely and numpy take 17 MB

        rows = uow.session.execute(_ROWS.where(AreaRow.import_id == version)).all()
        tree = Borders([Area(*row[:-1]) for row in rows], [row.wkb for row in rows])
        with self._lock:
            newest = sorted({**self._trees, version: tree}.items(), reverse=True)
            self._trees = dict(newest[:_KEPT])
        return tree
