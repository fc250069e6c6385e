"""The outbox: events waiting to be handed to their subscribers."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified


class OutboxRow(Identified, Base):
    """One event. Rows are found by state, never by a cursor over ids.

    Commits become visible out of order: a reader that has passed row 11 would never see a row 10
    that commits later.
    """

    __tablename__ = "kern_outbox"
    __table_args__ = (
        Index(
            "ix_kern_outbox_pending",
            "id",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            "ix_kern_outbox_done",
            "created_at",
            postgresql_where=text("state = 'done'"),
            sqlite_where=text("state = 'done'"),
        ),
    )

    name: Mapped[str] = mapped_column(String(100))
    body: Mapped[dict[str, Any]]
    state: Mapped[Literal["pending", "done"]] = mapped_column(String(8), default="pending")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
