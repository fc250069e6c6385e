"""Work that was not applied, kept for a person to look at."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Kept(enum.StrEnum):
    """Why an edit or item was not applied."""

    CONFLICT = "conflict"
    REFUSED = "refused"
    REVOKED = "revoked"
    INVALID = "invalid"


class ConflictCopy(Identified, Versioned, Base):
    """One edit as it came, sealed until it is resolved.

    `source` is the collection, or `outbox/<kind>`; `digest` is a keyed hash of the content, so that
    a terminal that repeats itself is kept once. state: open|resolved.
    """

    __tablename__ = "sync_conflict_copy"
    __table_args__ = (
        UniqueConstraint("officer_id", "source", "doc_id", "digest"),
        Index("ix_sync_conflict_copy_state_id", "state", "id"),
    )

    source: Mapped[str] = mapped_column(String(64))
    doc_id: Mapped[str] = mapped_column(String(64))
    base_rev: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[bytes | None]
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(500))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="open")
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(String(1000), default="")
