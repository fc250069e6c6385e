"""Configuration by layer and revision, and the compiled documents that terminals are to apply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Versioned

_PUBLISHED = text("state = 'published'")


class Configuration(Identified, Versioned, Base):
    """One revision of one layer. state: draft → published → superseded; a draft may be edited.

    `scope_kind`: organisation|class|unit|group|role|device|incident; `scope_id` is the unit's,
    group's or device's id, of an incident the device it concerns, all zeros for the organisation;
    see `scopes.py` for classes and roles. `base` is the revision that was in force when the draft
    was last written (0 for none): publishing it over any other would undo somebody's work.
    `restores` is the earlier revision whose document a roll-back repeats.
    """

    __tablename__ = "mdm_configuration"
    __table_args__ = (
        UniqueConstraint("scope_kind", "scope_id", "revision"),
        Index(
            "ix_mdm_configuration_published",
            "scope_kind",
            "scope_id",
            unique=True,
            postgresql_where=_PUBLISHED,
            sqlite_where=_PUBLISHED,
        ),
    )

    scope_kind: Mapped[str] = mapped_column(String(16))
    scope_id: Mapped[UUID]
    revision: Mapped[int]
    document: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="draft")
    base: Mapped[int] = mapped_column(default=0)
    restores: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    published_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))


class Desired(Base):
    """A compiled document by its content hash: terminals that are to be alike share one row."""

    __tablename__ = "mdm_desired"

    hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
