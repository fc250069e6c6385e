"""One opening of the glass, and its review."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class BreakGlass(Identified, Stamped, Base):
    """What somebody opened for themselves, why, until when; `verdict` is the forced review's.

    kind: role|certification. verdict: '' (waits) | justified | misuse.
    """

    __tablename__ = "kern_break_glass"
    __table_args__ = (Index("ix_kern_break_glass_verdict_id", "verdict", "id"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    reason: Mapped[str] = mapped_column(String(500))
    case_ref: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime]
    review_due_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(16), default="")
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reviewed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
