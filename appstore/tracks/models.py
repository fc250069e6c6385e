"""Which groups of terminals are the internal, pilot and production track of an app."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Track(Identified, Versioned, Base):
    """One track of an app. name: internal|pilot|production."""

    __tablename__ = "app_track"
    __table_args__ = (UniqueConstraint("app_id", "name"),)

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    name: Mapped[str] = mapped_column(String(16))


class TrackRing(Base):
    """A group of a track; a promotion reaches `percent` of it. mode: required|available."""

    __tablename__ = "app_track_ring"

    track_id: Mapped[UUID] = mapped_column(ForeignKey("app_track.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"), primary_key=True)
    percent: Mapped[int]
    mode: Mapped[str] = mapped_column(String(16))
