"""Tokens that let a terminal in: only their hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class EnrolToken(Identified, Stamped, Base):
    """One QR code: into which unit, groups and class it enrols, how often and until when.

    kind: single (one terminal) | batch (up to `uses_left` terminals of one box).
    """

    __tablename__ = "mdm_enrol_token"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(100), default="")
    uses_left: Mapped[int]
    expires_at: Mapped[datetime]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    group_ids: Mapped[list[str]] = mapped_column(default=list)
    device_class: Mapped[str] = mapped_column(String(32), default="handheld")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    revoked_at: Mapped[datetime | None]
