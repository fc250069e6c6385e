"""Ways back: requests to publish old code anew, and orders to remove and install an older release."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Versioned

_OPEN = text("state = 'open'")
_OPEN_TURN = text("state IN ('waiting', 'waiting_outbox')")


class Reissue(Identified, Versioned, Base):
    """A request to publishers: bring the code of an older release under a higher version code.

    state: open|answered|withdrawn. `release_id` is the bad release, `to_id` the good one, and
    `answer_id` the release that names this request.
    """

    __tablename__ = "app_reissue"
    __table_args__ = (
        Index(
            "uq_app_reissue_open",
            "release_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="open")
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_release.id"))


class Reinstall(Identified, Versioned, Base):
    """An order to remove a bad release and install an older one: what the app kept is lost.

    state: asked|running|refused|cancelled. Whom it concerns is frozen when it begins to run.
    """

    __tablename__ = "app_reinstall"
    __table_args__ = (Index("ix_app_reinstall_release_id", "release_id", "id"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(16), default="asked")
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_approval.id"))


class ReinstallTurn(Base):
    """One terminal's turn. state: waiting|waiting_outbox|done|failed|cancelled.

    `unsent` is how many pieces of work the terminal still holds, as it said; the older release is
    not installed before there are none.
    """

    __tablename__ = "app_reinstall_turn"
    __table_args__ = (
        Index(
            "uq_app_reinstall_turn_open",
            "device_id",
            "package",
            unique=True,
            sqlite_where=_OPEN_TURN,
            postgresql_where=_OPEN_TURN,
        ),
    )

    reinstall_id: Mapped[UUID] = mapped_column(ForeignKey("app_reinstall.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    package: Mapped[str] = mapped_column(String(223))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    detail: Mapped[str] = mapped_column(String(1000), default="")
    unsent: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)
