"""Sets of access policies the force wrote, which were in force when, and what shadows found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class AccessPolicySet(Identified, Versioned, Base):
    """One version: the document people edit and the Cedar it says.

    state: draft|published|discarded. A published set never changes again. `off` and `text` are what the guard layers over the shipped rules; `content_hash` is over both.
    """

    __tablename__ = "kern_access_policy_set"

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    based_on: Mapped[int] = mapped_column(default=0)
    document: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text, default="")
    off: Mapped[list[str]]
    content_hash: Mapped[str] = mapped_column(String(80), default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))


class Publication(Base):
    """What the guard is to hold from one epoch on: a set in force, or one beside it in shadow.

    kind: active|shadow|shadow_end. Rows are only added: they are the history. The highest epoch is
    in every request's gate row. Without a row the shipped rules stand alone.
    """

    __tablename__ = "kern_access_policy_publication"
    __table_args__ = (Index("ix_kern_access_policy_publication_kind_epoch", "kind", "epoch"),)

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    set_id: Mapped[UUID] = mapped_column(ForeignKey("kern_access_policy_set.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    at: Mapped[datetime]


class ShadowDifference(Identified, Base):
    """How often a set in shadow would have answered otherwise, by action, person and rules.

    The row without an action counts all questions: `count` those compared, `missed` the others.
    """

    __tablename__ = "kern_access_policy_shadow"
    __table_args__ = (
        Index("ix_kern_access_policy_shadow_set_id_key", "set_id", "key", unique=True),
    )

    set_id: Mapped[UUID] = mapped_column(ForeignKey("kern_access_policy_set.id"))
    key: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(100), default="")
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str] = mapped_column(String(100), default="")
    allowed: Mapped[bool] = mapped_column(default=False)
    rules: Mapped[list[str]]
    count: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
