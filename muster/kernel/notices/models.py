"""One message to one officer, or to whoever holds a role over a unit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified

_UNREAD = text("read_at IS NULL")


class Notice(Identified, Base):
    """`kind` and `params` are worded by the console; `params` hold references, never content.

    A notice to a role is one row that its holders share: read by one is read for all.
    """

    __tablename__ = "kern_notice"
    __table_args__ = (
        CheckConstraint("(officer_id IS NULL) <> (role IS NULL)", "one_addressee"),
        Index("ix_kern_notice_officer", "officer_id", "id"),
        Index("ix_kern_notice_role", "role", "id"),
        Index(
            "ix_kern_notice_unread",
            "kind",
            "subject_key",
            postgresql_where=_UNREAD,
            sqlite_where=_UNREAD,
        ),
    )

    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    role: Mapped[str | None] = mapped_column(String(32))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    kind: Mapped[str] = mapped_column(String(100))
    subject_key: Mapped[str] = mapped_column(String(200), default="")
    params: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
