"""A mass order and its frozen targets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned

_WAITING = text("state = 'waiting'")


class Order(Identified, Versioned, Base):
    """One command to many terminals. state: awaiting (a second person) → running → done | dropped.

    `targets` is how many terminals were named, `targets_hash` freezes which; `unit_id` is the unit
    above all of them: whoever reads terminals there reads the order.
    """

    __tablename__ = "mdm_order"

    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    targets: Mapped[int]
    targets_hash: Mapped[str] = mapped_column(String(80))
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_approval.id"))
    finished_at: Mapped[datetime | None]


class OrderTarget(Base):
    """One terminal of an order. state: waiting → accepted | refused; `code` says why refused."""

    __tablename__ = "mdm_order_target"
    __table_args__ = (
        Index(
            "ix_mdm_order_target_waiting",
            "order_id",
            "device_id",
            postgresql_where=_WAITING,
            sqlite_where=_WAITING,
        ),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_order.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    code: Mapped[str] = mapped_column(String(64), default="")
