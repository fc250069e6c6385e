"""Equipment: what the force owns, where it is in its life, and who has it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped, Versioned

_NOW = text("until IS NULL")
_OFFERED = text("state = 'offered'")


class Asset(Identified, Versioned, Base):
    """One piece of equipment by its serial number.

    stage: procured|in_stock|issued|in_repair|lost|found|inspected|wiped|retired.
    device_class: handheld|vehicle|wearable|body_camera.
    """

    __tablename__ = "mdm_asset"

    serial: Mapped[str] = mapped_column(String(64), unique=True)
    imei: Mapped[str] = mapped_column(String(20), default="", index=True)
    model: Mapped[str] = mapped_column(String(100), default="")
    vendor: Mapped[str] = mapped_column(String(100), default="")
    device_class: Mapped[str] = mapped_column(String(32), default="handheld")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16), default="procured")
    stage_at: Mapped[datetime]
    purchased_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(1000), default="")


class HandOver(Identified, Stamped, Base):
    """An offer of one piece of equipment, which an officer signs for themselves or for a pool.

    `content` is exactly what is signed and `content_hash` its hash (RFC 8785). state: offered |
    signed | withdrawn | expired. signed_how: terminal (DPoP session: `session_id` and the key's
    thumbprint `jkt`) | counter (number and PIN typed at the console session `session_id`).
    """

    __tablename__ = "mdm_hand_over"
    __table_args__ = (
        Index(
            "uq_mdm_hand_over_open",
            "asset_id",
            unique=True,
            postgresql_where=_OFFERED,
            sqlite_where=_OFFERED,
        ),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_asset.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    condition: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="offered")
    offered_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_how: Mapped[str] = mapped_column(String(16), default="")
    session_id: Mapped[UUID | None]
    jkt: Mapped[str] = mapped_column(String(43), default="")
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))


class Custody(Identified, Stamped, Base):
    """Who answers for a piece of equipment from when until when: an officer, or a unit's pool.

    how: terminal|counter (signed, see `hand_over_id`) | assigned (an admin's word alone). One row
    of an asset is open at most.
    """

    __tablename__ = "mdm_custody"
    __table_args__ = (
        Index(
            "uq_mdm_custody_now",
            "asset_id",
            unique=True,
            postgresql_where=_NOW,
            sqlite_where=_NOW,
        ),
        Index("ix_mdm_custody_asset_id_id", "asset_id", "id"),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_asset.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    hand_over_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_hand_over.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(String(16))
    condition_out: Mapped[str] = mapped_column(String(500), default="")
    condition_in: Mapped[str] = mapped_column(String(500), default="")
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
