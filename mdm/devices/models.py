"""What is managed about a terminal: hardware, inventory, last report, desired and applied state."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Versioned


class ManagedDevice(Versioned, Base):
    """One enrolment of one terminal; `id` is its principal's (`kern_device`).

    A wiped terminal that enrols again is a new row: commands belong to an enrolment and never
    fire on the next one. `facts` are what the terminal last said about its security, `inventory`
    the rest. `desired_hash` names a row of `mdm_desired`; `applied_hash` is the device's own echo.
    `version` counts people's edits only: reports are written past it.
    """

    __tablename__ = "mdm_device"
    __table_args__ = (
        Index("ix_mdm_device_serial", "serial"),
        Index("ix_mdm_device_last_seen", "last_seen"),
        Index("ix_mdm_device_desired_hash", "desired_hash"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("kern_device.id"), primary_key=True)
    token_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_enrol_token.id"))
    serial: Mapped[str] = mapped_column(String(64))
    imei: Mapped[str] = mapped_column(String(20), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    os: Mapped[str] = mapped_column(String(32), default="")
    os_version: Mapped[str] = mapped_column(String(64), default="")
    patch_level: Mapped[date | None]
    agent_version: Mapped[str] = mapped_column(String(32), default="")
    device_class: Mapped[str] = mapped_column(String(32), default="handheld")
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    last_seen: Mapped[datetime | None]
    battery: Mapped[int | None]
    inventory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    apps: Mapped[list[Any]] = mapped_column(default=list)
    desired_hash: Mapped[str] = mapped_column(String(80), default="")
    desired_at: Mapped[datetime | None]
    applied_hash: Mapped[str] = mapped_column(String(80), default="")
    applied_at: Mapped[datetime | None]
    check_in_seconds: Mapped[int] = mapped_column(default=900)
    state_reason: Mapped[str] = mapped_column(String(1000), default="")
    state_at: Mapped[datetime | None]

    @property
    def lagging(self) -> bool:
        """Whether the terminal has not yet echoed what it is to be."""
        return self.applied_hash != self.desired_hash
