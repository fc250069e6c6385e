"""Tables of the doors. `kern_rate` and `kern_replay` are UNLOGGED on PostgreSQL (migration)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class RateRow(Base):
    """One bucket: `full_at` is when it will be full again, in seconds of the epoch.

    `key` is a digest, since the keys themselves name people and addresses.
    """

    __tablename__ = "kern_rate"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    full_at: Mapped[float] = mapped_column(index=True)


class ReplayRow(Base):
    """One proof that was used; forgotten when the proof itself has expired."""

    __tablename__ = "kern_replay"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class Lockout(Base):
    """Consecutive failures of one subject (`officer:<id>`), and the lock they led to.

    The row of a released lock stays, with who released it, until the next success.
    """

    __tablename__ = "kern_lockout"
    __table_args__ = (
        Index(
            "ix_kern_lockout_locked_at",
            "locked_at",
            postgresql_where=text("locked_at IS NOT NULL"),
            sqlite_where=text("locked_at IS NOT NULL"),
        ),
    )

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
