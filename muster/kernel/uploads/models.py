"""The table of uploads: how far each has come, who may go on, and who writes at the moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified


class Upload(Identified, Base):
    """One upload of `length` bytes, bound to the officer and terminal that began it.

    `offset` counts bytes that are synced to disk. It reaches `length` only in the transaction in
    which the target takes the object: a client that sees them equal may delete its copy.
    `state` is open, finished or discarded. `holder` is the request that writes now and
    `held_until` the moment at which it counts as dead.
    """

    __tablename__ = "kern_upload"
    __table_args__ = (
        Index("ix_kern_upload_owner", "officer_id", "device_id", "client_id"),
        Index("ix_kern_upload_expires_at", "expires_at"),
    )

    target: Mapped[str] = mapped_column(String(60))
    officer_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    details: Mapped[dict[str, Any]]
    sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open")
    holder: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
