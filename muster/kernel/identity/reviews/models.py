"""A unit's access review and the grants it asks about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class AccessReview(Identified, Stamped, Base):
    """One round over the administrative grants held at a unit. state: open|closed."""

    __tablename__ = "kern_access_review"
    __table_args__ = (Index("ix_kern_access_review_state_id", "state", "id"),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default="open")
    closed_at: Mapped[datetime | None]


class AccessReviewItem(Identified, Base):
    """One grant under review; the grant's row may be gone when this is read later.

    decision: '' (waits) | confirmed | withdrawn | lapsed | gone | kept_last.
    """

    __tablename__ = "kern_access_review_item"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("kern_access_review.id"), index=True)
    grant_id: Mapped[UUID]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    decision: Mapped[str] = mapped_column(String(16), default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
