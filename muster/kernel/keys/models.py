"""The table of wrapped keys: without the master key its rows are noise."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified

_LIVE = text("state <> 'old'")


class Key(Identified, Base):
    """One key of one purpose; at most one `current` and one `next` per purpose.

    `wrapped` is nonce (12 bytes) + AES-256-GCM of the secret under the master key, bound to id,
    purpose and algorithm. `kid` is the RFC 7638 thumbprint of a pair, or the row's id.
    """

    __tablename__ = "kern_key"
    __table_args__ = (
        Index(
            "uq_kern_key_purpose_state",
            "purpose",
            "state",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    kid: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(40))
    algorithm: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8))
    wrapped: Mapped[bytes]
    public: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    not_after: Mapped[datetime | None]
