"""Headwind terminals: their numbers, the hashes of their secret paths, and numbers to be taken over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class HeadwindTerminal(Stamped, Base):
    """What this gateway knows of one enrolment; the secret itself is derived, never stored.

    `number` is what the agent calls itself; a later enrolment of the same number takes it away.
    `build` says whose shared secret signs its requests: house|fleet|unknown. `secret_hash` is the
    path it lives on, `next_hash` the one it is to move to; both hold until the next is used.
    `migrated_at` is its first call on a secret path: the plain one is closed to it from then on.
    `told_hash` names the desired state it last fetched, `nudged_at` when a poll last said so.
    """

    __tablename__ = "mdm_headwind_terminal"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(64), unique=True)
    build: Mapped[str] = mapped_column(String(8), default="unknown")
    key_id: Mapped[str] = mapped_column(String(64))
    generation: Mapped[int] = mapped_column(default=1)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    secret_at: Mapped[datetime]
    migrated_at: Mapped[datetime | None]
    told_hash: Mapped[str] = mapped_column(String(80), default="")
    told_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]


class ExpectedNumber(Identified, Stamped, Base):
    """A terminal of a running Headwind fleet that may come in by its number until `expires_at`."""

    __tablename__ = "mdm_headwind_expected"

    number: Mapped[str] = mapped_column(String(64), unique=True)
    serial: Mapped[str] = mapped_column(String(64), default="")
    imei: Mapped[str] = mapped_column(String(20), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    token_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_enrol_token.id"), index=True)
    expires_at: Mapped[datetime]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_device.id"), index=True)
