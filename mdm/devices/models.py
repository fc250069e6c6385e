"""What is managed about a terminal: hardware, inventory, last report, desired and applied state."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Versioned

_WAITS = text("admission = 'awaiting'")
_LAGS = text("applied_hash != desired_hash")


class ManagedDevice(Versioned, Base):
    """One enrolment of one terminal; `id` is its principal's (`kern_device`).

    `agent` is the protocol its agent speaks (native|headwind), `asset_id` the piece of equipment
    it is, `ownership` whether one person keeps it (personal) or whoever is on shift (pooled).

    A wiped terminal that enrols again is a new row: commands belong to an enrolment and never
    fire on the next one. `facts` are what the terminal last said about its security, `inventory`
    the rest. `desired_hash` names a row of `mdm_desired`; `applied_hash` is the device's own echo;
    `desired_serial` rises whenever the desired state changes, so that no older one can be replayed.
    `software` is what is installed (`{package: {version_code, version}}`), `sims` the cards in it
    (`[{slot, iccid, number, operator}]`), `accepted_sims` the ICCIDs it is accepted with (None
    until it first named one), `location` its last fix (`{lat, lon, accuracy_m, at}`).
    admission: admitted | awaiting (a device admin must let it in first) | refused.
    `sequence` is the number of the last report that was taken.
    `version` counts people's edits only: reports are written past it.
    """

    __tablename__ = "mdm_device"
    __table_args__ = (
        Index("ix_mdm_device_serial", "serial", postgresql_ops={"serial": "text_pattern_ops"}),
        Index("ix_mdm_device_imei", "imei", postgresql_ops={"imei": "text_pattern_ops"}),
        Index("ix_mdm_device_device_class_id", "device_class", "id"),
        Index("ix_mdm_device_ring_id", "ring", "id"),
        Index("ix_mdm_device_model_id", "model", "id"),
        Index("ix_mdm_device_lagging", "id", postgresql_where=_LAGS, sqlite_where=_LAGS),
        Index("ix_mdm_device_last_seen", "last_seen"),
        Index("ix_mdm_device_desired_hash", "desired_hash"),
        Index("ix_mdm_device_awaiting", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
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
    agent: Mapped[str] = mapped_column(String(16), default="native")
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_asset.id"), index=True)
    ownership: Mapped[str] = mapped_column(String(16), default="pooled")
    admission: Mapped[str] = mapped_column(String(16), default="admitted")
    ring: Mapped[str] = mapped_column(String(32), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    last_seen: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    battery: Mapped[int | None]
    inventory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    apps: Mapped[list[Any]] = mapped_column(default=list)
    software: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sims: Mapped[list[Any]] = mapped_column(default=list)
    accepted_sims: Mapped[list[str] | None]
    location: Mapped[dict[str, Any]] = mapped_column(default=dict)
    desired_hash: Mapped[str] = mapped_column(String(80), default="")
    desired_serial: Mapped[int] = mapped_column(BigInteger, default=0)
    desired_at: Mapped[datetime | None]
    applied_hash: Mapped[str] = mapped_column(String(80), default="")
    applied_at: Mapped[datetime | None]
    check_in_seconds: Mapped[int] = mapped_column(default=900)
    state_reason: Mapped[str] = mapped_column(String(1000), default="")
    state_at: Mapped[datetime | None]

    @property
    def awaiting(self) -> bool:
        """Whether it waits for somebody to let it in: the agent door alone is open to it."""
        return self.admission == "awaiting"

    @property
    def lagging(self) -> bool:
        """Whether the terminal has not yet echoed what it is to be."""
        return self.applied_hash != self.desired_hash
