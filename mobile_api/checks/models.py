"""Purposes, and every check: who asked, why, which registers answered and what they found.

What was asked lies sealed in `CheckRequest.sealed`; hits refer to records and copy none of their
content, so that an answer is composed again from the register versions it was given from.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class PurposeRow(Versioned, Base):
    """A lawful purpose as this force has it; it stands in place of the shipped one of its code.

    requires: any of `reason`. sources: registers that are asked. roles: `sworn`, `auxiliary`.
    """

    __tablename__ = "field_purpose"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    label_en: Mapped[str] = mapped_column(String(100))
    label_zh: Mapped[str] = mapped_column(String(100))
    requires: Mapped[list[str]]
    sources: Mapped[list[str]]
    roles: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)


class CheckRequest(Identified, Base):
    """One check. `sealed` holds what was asked, the reason and the place, until `retain_until`."""

    __tablename__ = "field_check_request"
    __table_args__ = (
        Index("ix_field_check_request_unit_id_id", "unit_id", "id"),
        Index("ix_field_check_request_retain_until", "retain_until"),
    )

    officer_id: Mapped[UUID]
    officer_number: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    device_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    audit_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(32))
    case_ref: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes]
    signal: Mapped[str] = mapped_column(String(8))
    signal_reason: Mapped[str] = mapped_column(String(200))
    redacted: Mapped[bool]
    took_ms: Mapped[int]
    asked_at: Mapped[datetime]
    retain_until: Mapped[datetime]


class CheckSource(Base):
    """How one register answered; `version` is the import that was in force."""

    __tablename__ = "field_check_source"

    check_id: Mapped[UUID] = mapped_column(
        ForeignKey("field_check_request.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[datetime | None]
    latency_ms: Mapped[int]
    version: Mapped[UUID | None]
    hits: Mapped[int]


class CheckHit(Identified, Base):
    """One hot-list record that fits the subject."""

    __tablename__ = "field_check_hit"

    check_id: Mapped[UUID] = mapped_column(
        ForeignKey("field_check_request.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[UUID]
    record_ref: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    basis: Mapped[str] = mapped_column(String(16))
    score: Mapped[float]
