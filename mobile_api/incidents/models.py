"""Incidents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Incident(Identified, Base):
    """One incident by its number. `lon` and `lat` are WGS-84; `rev` is its version for sync."""

    __tablename__ = "field_incident"
    __table_args__ = (Index("ix_field_incident_unit_id_reported_at", "unit_id", "reported_at"),)

    number: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    summary_zh: Mapped[str] = mapped_column(String(500))
    summary_en: Mapped[str] = mapped_column(String(500))
    address: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(300))
    lon: Mapped[float]
    lat: Mapped[float]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    beat: Mapped[str] = mapped_column(String(64))
    reported_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    rev: Mapped[int]
