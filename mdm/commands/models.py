"""Orders to terminals: durable rows that stay open until there is evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned

_OPEN = text("state IN ('queued', 'notified', 'delivered', 'not_now')")


class Command(Identified, Versioned, Base):
    """One order to one enrolment of one terminal; see `states.py` for its life.

    `evidence` is what the terminal said about it, written once: a repeated result changes nothing.
    """

    __tablename__ = "mdm_command"
    __table_args__ = (
        Index(
            "ix_mdm_command_open",
            "device_id",
            "priority",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_mdm_command_device_id_id", "device_id", "id"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    reason: Mapped[str] = mapped_column(String(1000))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
