"""SIM cards as property: what is printed on each, and where it is and was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped, Versioned

_NOW = text("until IS NULL")


class Sim(Identified, Versioned, Base):
    """One SIM card by its ICCID; `asset_id` is the piece of equipment it is in.

    state: active|suspended|lost|retired. `number` is E.164, '' while the operator gave none.
    """

    __tablename__ = "mdm_sim"

    iccid: Mapped[str] = mapped_column(String(20), unique=True)
    number: Mapped[str] = mapped_column(String(16), default="", index=True)
    operator: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(16), default="active")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_asset.id"), index=True)
    note: Mapped[str] = mapped_column(String(1000), default="")


class SimUse(Identified, Stamped, Base):
    """From when until when a card was in a piece of equipment; one row of a card is open at most."""

    __tablename__ = "mdm_sim_use"
    __table_args__ = (
        Index(
            "uq_mdm_sim_use_now",
            "sim_id",
            unique=True,
            postgresql_where=_NOW,
            sqlite_where=_NOW,
        ),
        Index("ix_mdm_sim_use_sim_id_id", "sim_id", "id"),
    )

    sim_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_sim.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_asset.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    put_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
