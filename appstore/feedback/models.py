"""What officers say of apps: how they like them, and what is wrong with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Rating(Identified, Base):
    """What one officer thinks of one app: 1 to 5 stars and a few words.

    A changed rating takes the place of the old one, under a new id: the newest stand first.
    `contact_me`: the officer agrees that the publisher sees who they are.
    """

    __tablename__ = "app_rating"
    __table_args__ = (
        UniqueConstraint("officer_id", "app_id"),
        Index("ix_app_rating_app_id_id", "app_id", "id"),
    )

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    stars: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(String(500), default="")
    version_code: Mapped[int | None] = mapped_column(BigInteger)
    contact_me: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class Fault(Identified, Versioned, Base):
    """One fault an officer reported; state: open → answered → fixed | closed (`states.py`).

    `version_code` is the version it was seen in, `crash_id` the id that the terminal gave the crash
    it came with. `fixed_in` is the release that mends it. Who reported it on which terminal is
    shown to nobody, unless they agreed (`contact_me`).
    """

    __tablename__ = "app_fault"
    __table_args__ = (
        Index("ix_app_fault_app_id_id", "app_id", "id"),
        Index("ix_app_fault_officer_id_id", "officer_id", "id"),
    )

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    text: Mapped[str] = mapped_column(String(2000))
    version_code: Mapped[int | None] = mapped_column(BigInteger)
    crash_id: Mapped[UUID | None]
    contact_me: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="open")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    answered_at: Mapped[datetime | None]
    fixed_in: Mapped[UUID | None] = mapped_column(ForeignKey("app_release.id"))
