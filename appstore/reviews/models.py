"""The review that an urgent release owes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class ReleaseReview(Identified, Stamped, Base):
    """An urgent release went out with one approver; somebody else looks at it until `due_at`.

    verdict: '' (waits) | confirmed | objected. `lapsed_at` is when the clock halted the release
    because nobody had looked.
    """

    __tablename__ = "app_release_review"
    __table_args__ = (Index("ix_app_release_review_verdict_id", "verdict", "id"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), unique=True)
    due_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(16), default="")
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reviewed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    lapsed_at: Mapped[datetime | None]
