"""Answers kept for replays."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class StoredAnswer(Base):
    """An answer that was given once and may be given again."""

    __tablename__ = "kern_idempotent_answer"

    actor_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
