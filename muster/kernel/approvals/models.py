"""A frozen request that waits for a second person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Approval(Identified, Versioned, Base):
    """Action, resources, body and their hash as they were asked for; nothing can be swapped later.

    state: open|approved|refused|cancelled|expired.
    """

    __tablename__ = "kern_approval"
    __table_args__ = (Index("ix_kern_approval_state_id", "state", "id"),)

    action: Mapped[str] = mapped_column(String(100))
    resource_type: Mapped[str] = mapped_column(String(64))
    resource_ids: Mapped[list[str]]
    body: Mapped[dict[str, Any]]
    frozen_hash: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(1000))
    label: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
