"""What is known of telling terminals: how each was told last, and how each carrier does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base

_DUE = text("due_at IS NOT NULL")


class HintState(Base):
    """The last hint to one terminal, and whether it listens now.

    `carrier` took it ("" when none could), at `sent_at`; outcome: sent → heard (the terminal came
    since) | missed | failed. At `due_at` it is looked whether the terminal came. `told_at` is when
    a long poll last took the hint from here. `listening` (stream|long_poll) holds until
    `listening_until`.
    """

    __tablename__ = "kern_hint_state"
    __table_args__ = (
        Index("ix_kern_hint_state_due", "due_at", postgresql_where=_DUE, sqlite_where=_DUE),
    )

    device_id: Mapped[UUID] = mapped_column(
        ForeignKey("kern_device.id", ondelete="CASCADE"), primary_key=True
    )
    look: Mapped[str] = mapped_column(String(32), default="")
    carrier: Mapped[str] = mapped_column(String(16), default="")
    outcome: Mapped[str] = mapped_column(String(8), default="")
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    listening: Mapped[str] = mapped_column(String(16), default="")
    listening_until: Mapped[datetime | None]


class HintCarrier(Base):
    """What became of all hints of one carrier; `paused_until` is when it may be asked again."""

    __tablename__ = "kern_hint_carrier"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    heard: Mapped[int] = mapped_column(BigInteger, default=0)
    missed: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[int] = mapped_column(BigInteger, default=0)
    last_sent_at: Mapped[datetime | None]
    last_heard_at: Mapped[datetime | None]
    last_failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    paused_until: Mapped[datetime | None]
