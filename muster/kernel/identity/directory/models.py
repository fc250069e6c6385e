"""What the personnel system sent, what became of it, and removals that wait for a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class DirectoryRun(Identified, Stamped, Base):
    """One nightly file, or one day's removals by SCIM that were too many.

    `faults` lists `{pointer, detail}`, `held` the officers whose removal waits: `{id, number}`.
    state: done | held (removals wait) | released | refused.
    """

    __tablename__ = "kern_directory_run"
    __table_args__ = (Index("ix_kern_directory_run_state_id", "state", "id"),)

    source: Mapped[str] = mapped_column(String(16))  # directory|scim
    digest: Mapped[str] = mapped_column(String(64), default="")
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[Any]] = mapped_column(default=list)
    held: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(16), default="done")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
