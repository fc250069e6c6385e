"""What refused terminals handed in, sealed until a supervisor lets it in or it expires."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class QuarantinedItem(Identified, Versioned, Base):
    """One item as it came. `digest` tells a repetition; state: held|released|expired."""

    __tablename__ = "sync_quarantine"
    __table_args__ = (
        UniqueConstraint("device_id", "digest"),
        Index("ix_sync_quarantine_state_id", "state", "id"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("kern_device.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None]
    reasons: Mapped[list[str]]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(16), default="held")
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    released_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    outcome: Mapped[str] = mapped_column(String(16), default="")
    reference: Mapped[str] = mapped_column(String(64), default="")
