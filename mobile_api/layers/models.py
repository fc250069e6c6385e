"""Areas with a code. All rows belong to one import; only those in force are ever looked at."""

from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base

LEVELS: Final = ("city", "district", "station", "beat")
"""From the widest to the finest; an area's parent is of the level before its own."""


class AreaRow(Base):
    """One jurisdiction. `wkb` is a polygon or multipolygon in WGS-84 degrees, longitude first.

    `parent` is the code of the next area above, empty for a city.
    """

    __tablename__ = "field_area"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("field_import.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str] = mapped_column(String(64))
    wkb: Mapped[bytes] = mapped_column(LargeBinary)
