"""What terminals told over time: history, logs, crashes, and reports that could not be read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class HistoryEntry(Identified, Base):
    """One line of a terminal's past, written only when there is something to say.

    kind: `day` (first report of a day: `{battery, storage_free_mb, seen_before}`, the last being
    when it was heard of before that) or `change` (`{<column>: {before, after}}`).
    """

    __tablename__ = "mdm_history"
    __table_args__ = (
        Index("ix_mdm_history_device_id_id", "device_id", "id"),
        Index("ix_mdm_history_at", "at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LogBatch(Identified, Base):
    """A batch of log lines that was taken; the same batch sent again is known by its id."""

    __tablename__ = "mdm_log_batch"
    __table_args__ = (
        UniqueConstraint("device_id", "batch_id"),
        Index("ix_mdm_log_batch_received_at", "received_at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    batch_id: Mapped[UUID]
    received_at: Mapped[datetime]


class LogLine(Identified, Base):
    """One line of a terminal's log, scrubbed. level: 1 error, 2 warning, 3 info, 4 debug.

    `at` is the terminal's own clock, `received_at` the server's; `command_id` names the
    collect_logs command it answers.
    """

    __tablename__ = "mdm_log_line"
    __table_args__ = (
        Index("ix_mdm_log_line_device_id_id", "device_id", "id"),
        Index("ix_mdm_log_line_received_at", "received_at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    level: Mapped[int] = mapped_column(SmallInteger)
    tag: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    command_id: Mapped[UUID | None]


class CrashGroup(Identified, Base):
    """Crashes of one version of an app that broke at the same place.

    `fingerprint` is the hash of the top frames (`fingerprint.py`); `sample` is the first report,
    scrubbed. `unit_id` is the unit that owns the app in the store, if the store knows it.
    """

    __tablename__ = "mdm_crash_group"
    __table_args__ = (
        UniqueConstraint("package", "version_code", "fingerprint"),
        Index("ix_mdm_crash_group_last_seen_id", "last_seen", "id"),
    )

    package: Mapped[str] = mapped_column(String(200))
    version_code: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    title: Mapped[str] = mapped_column(String(300))
    sample: Mapped[str] = mapped_column(Text)
    count: Mapped[int]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class Crash(Identified, Base):
    """One crash of one terminal; the same one reported again is known by `crash_id`."""

    __tablename__ = "mdm_crash"
    __table_args__ = (
        UniqueConstraint("device_id", "crash_id"),
        Index("ix_mdm_crash_received_at", "received_at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    crash_id: Mapped[UUID]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_crash_group.id"), index=True)
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class QuarantinedReport(Identified, Base):
    """A report of a known terminal that could not be read, sealed, for 30 days.

    `digest` tells a repetition, counted in `times`; `size` is what came, of which at most
    `quarantine.MOST_BYTES` are kept.
    """

    __tablename__ = "mdm_quarantine"
    __table_args__ = (
        UniqueConstraint("device_id", "digest"),
        Index("ix_mdm_quarantine_expires_at", "expires_at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    path: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(1000))
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes]
    size: Mapped[int]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime]
