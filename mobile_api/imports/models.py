"""Every file that was taken, and which one of each kind is in force."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class ImportVersion(Identified, Base):
    """One file. `state`: loading, current, superseded or failed (what a killed process left).

    `sha256` is the file's; `by` the officer's number, or the name of the system's job.
    """

    __tablename__ = "field_import"
    __table_args__ = (Index("ix_field_import_kind_id", "kind", "id"),)

    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="loading")
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    current_at: Mapped[datetime | None]


class ImportPointer(Base):
    """The version of a kind that is in force; switching it is the whole act of an import."""

    __tablename__ = "field_import_pointer"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("field_import.id"))
