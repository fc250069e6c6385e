"""Files that records name: slots to be filled once, and what arrived without or against a slot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Brought:
    """Which file of which record, and whose it is."""

    instance_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    officer_id: Mapped[UUID]
    device_id: Mapped[UUID | None]


class AttachmentSlot(Identified, Brought, Base):
    """A file that a record names. state: missing until it is stored; then it is write-once.

    `sha256` (hex) and `size` are announced by the record, or unknown until the file arrives.
    """

    __tablename__ = "field_submission_attachment"
    __table_args__ = (
        UniqueConstraint("version_id", "name"),
        Index("ix_field_submission_attachment_instance_id", "instance_id"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("field_submission_version.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16), default="missing")
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    stored_at: Mapped[datetime | None]


class HeldEvidence(Identified, Brought, Base):
    """A file that arrived before the record that names it."""

    __tablename__ = "field_evidence_held"
    __table_args__ = (
        UniqueConstraint("instance_id", "name", "officer_id", "device_id"),
        Index("ix_field_evidence_held_held_until", "held_until"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))
    held_until: Mapped[datetime]


class QuarantinedEvidence(Identified, Brought, Base):
    """A file that contradicts the record or what is stored; kept aside, then erased."""

    __tablename__ = "field_evidence_quarantine"
    __table_args__ = (
        UniqueConstraint("instance_id", "name", "sha256"),
        Index("ix_field_evidence_quarantine_held_until", "held_until"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))
    held_until: Mapped[datetime]
