"""Orders to terminals: durable rows that stay live until there is evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned

_LIVE = text("next_try_at IS NOT NULL")


class Command(Identified, Versioned, Base):
    """One order to one enrolment of one terminal; see `states.py` for its life.

    `next_try_at` is when the clock looks at it again, NULL once it is over: two small indexes hold
    the live ones, however many are past. It is not handed out before `not_before`. `hints` counts
    how often the terminal was called, `attempts` how often it was given the command.
    `sealed` is the part of the body that nobody may read (a passcode), erased when it is over.
    `evidence` is what the terminal said (`{outcome, detail, data}`), written once: a repeated
    result changes nothing. `code` says why it failed. `order_id` names the mass order it is part of.
    """

    __tablename__ = "mdm_command"
    __table_args__ = (
        Index("ix_mdm_command_live", "device_id", postgresql_where=_LIVE, sqlite_where=_LIVE),
        Index(
            "ix_mdm_command_next_try",
            "next_try_at",
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index("ix_mdm_command_device_id_id", "device_id", "id"),
        Index("ix_mdm_command_order_id_state", "order_id", "state"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_order.id"))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    reason: Mapped[str] = mapped_column(String(1000))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    hints: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    code: Mapped[str] = mapped_column(String(64), default="")

    @hybrid_property
    def live(self) -> bool:
        """Whether it may still be handed out and is still looked after."""
        return self.next_try_at is not None

    @live.inplace.expression
    @classmethod
    def _live_expression(cls) -> ColumnElement[bool]:
        return cls.next_try_at.is_not(None)
