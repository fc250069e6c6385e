"""What an auditor has to look at, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class ReviewItem(Identified, Versioned, Base):
    """One act, or one burst of refusals, of one officer. state: open|explained|confirmed|referred.

    kind: sample|break_glass|denied_burst. `entry_id` is the entry, or the first one of a burst of
    `count`. Everything else about it stands in the log and is read there.
    """

    __tablename__ = "kern_review_item"
    __table_args__ = (
        UniqueConstraint("kind", "entry_id"),
        Index("ix_kern_review_item_state_id", "state", "id"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    entry_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(100))
    case_ref: Mapped[str] = mapped_column(String(200), default="")
    happened_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")
    note: Mapped[str] = mapped_column(String(1000), default="")
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reviewed_at: Mapped[datetime | None]
