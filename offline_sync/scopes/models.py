"""Scopes with their counters, and the record of who was let to hold which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Scope(Identified, Base):
    """A set of documents that may be held together: a unit's, a dossier's, one person's.

    `key` is `<kind>:<name>`. `v` counts the changes; the row's lock makes commit order the order
    of the feed. History at and below `floor` is pruned: who is behind it begins anew.
    """

    __tablename__ = "sync_scope"

    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    v: Mapped[int] = mapped_column(BigInteger, default=0)
    floor: Mapped[int] = mapped_column(BigInteger, default=0)


class ScopeGrant(Identified, Base):
    """A scope that a subject was found to be allowed, from and until; derived from decisions.

    subject_kind: officer|terminal. The grant decides nothing: each pull asks the guard again.
    """

    __tablename__ = "sync_scope_grant"
    __table_args__ = (Index("ix_sync_scope_grant_subject", "subject_kind", "subject_id"),)

    scope: Mapped[str] = mapped_column(String(200), index=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[UUID]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200))
    end_reason: Mapped[str] = mapped_column(String(200), default="")
