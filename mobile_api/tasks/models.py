"""Tasks and shifts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Task(Identified, Base):
    """One task by its number; `incident` is empty for patrols. `rev` is its version for sync."""

    __tablename__ = "field_task"
    __table_args__ = (Index("ix_field_task_unit_id_due_at", "unit_id", "due_at"),)

    number: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    incident: Mapped[str] = mapped_column(String(64))
    assignee_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    assignee: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    beat: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    rev: Mapped[int]


class Shift(Identified, Base):
    """An officer is on duty on a beat."""

    __tablename__ = "field_shift"
    __table_args__ = (UniqueConstraint("officer_id", "starts_at"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    beat: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
