"""Whom an app is for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Versioned


class Assignment(Identified, Versioned, Base):
    """One app for one audience. mode: required|available|blocked.

    `audience`, `scope_id` and `rule` are those of `mdm.audiences`. The terminals get nothing above
    `pinned_code`, and get that version even when a later one has superseded it. In force from
    `starts` until `ends`, each if given. `conditions` and `deadline` (`rollouts/terms.py`) hold
    where a rollout gives none. `told_at` is the moment up to which the audience was compiled anew
    as dates passed.
    """

    __tablename__ = "app_assignment"
    __table_args__ = (
        Index("ix_app_assignment_app_id", "app_id", "id"),
        Index("ix_app_assignment_scope_id", "scope_id"),
    )

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    audience: Mapped[str] = mapped_column(String(16))
    scope_id: Mapped[UUID]
    rule: Mapped[dict[str, Any] | None]
    mode: Mapped[str] = mapped_column(String(16))
    pinned_code: Mapped[int | None] = mapped_column(BigInteger)
    starts: Mapped[datetime | None]
    ends: Mapped[datetime | None]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    deadline: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000))
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    told_at: Mapped[datetime] = mapped_column(default=clock.now)

    def in_force(self, now: datetime) -> bool:
        """Whether its dates hold now."""
        return (self.starts is None or self.starts <= now) and (
            self.ends is None or self.ends > now
        )
