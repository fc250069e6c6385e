"""Waivers as they were granted, and how they ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class Waiver(Identified, Stamped, Base):
    """One rule set aside for one app until a day, or until it is revoked.

    `release_id` is the release that the rule had blocked, `evidence` what it had found then.
    """

    __tablename__ = "app_waiver"
    __table_args__ = (Index("ix_app_waiver_app_id", "app_id", "id"),)

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    rule: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(1000))
    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    evidence: Mapped[list[Any]]
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    until: Mapped[datetime]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    revoked_at: Mapped[datetime | None]
    revoked_for: Mapped[str] = mapped_column(String(1000), default="")

    def holds(self, now: datetime) -> bool:
        """Whether the rule is set aside at a moment."""
        return self.revoked_at is None and now < self.until
