"""Stock-takes: what was scanned in a unit, and what should have been."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class StockTake(Identified, Stamped, Base):
    """One count of a unit and all below it; closing writes the result down for good.

    state: open|closed. The four counts are those of the result, 0 until it is closed.
    """

    __tablename__ = "mdm_stock_take"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="open")
    note: Mapped[str] = mapped_column(String(200), default="")
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    closed_at: Mapped[datetime | None]
    present: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    unexpected: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)


class StockLine(Identified, Stamped, Base):
    """One serial number of a count: scanned, or (once it is closed) missing.

    result: present|missing|unexpected|unknown, as `reckoning.py` says; `why` says it in a word.
    """

    __tablename__ = "mdm_stock_line"
    __table_args__ = (
        UniqueConstraint("stock_take_id", "serial"),
        Index("ix_mdm_stock_line_stock_take_id_result_id", "stock_take_id", "result", "id"),
    )

    stock_take_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_stock_take.id"))
    serial: Mapped[str] = mapped_column(String(64))
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_asset.id"))
    result: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(32), default="")
    scanned_at: Mapped[datetime | None]
    scanned_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reported_at: Mapped[datetime | None]
