"""Receipts: an outbox item handed in twice is recorded once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class PushReceipt(Base):
    """What became of one item of one terminal.

    `reference` (the record's id) and status are kept for good, the sealed answer 72 hours.
    status: recorded | kept (refused, for a supervisor).
    """

    __tablename__ = "sync_push_receipt"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("kern_device.id"), primary_key=True)
    op_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    uploader_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("kern_session.id"))
    device_time: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    flags: Mapped[list[str]]
    status: Mapped[str] = mapped_column(String(16), default="")
    reference: Mapped[str] = mapped_column(String(64), default="")
    sealed: Mapped[bytes | None]
