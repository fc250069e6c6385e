"""The compliance rules in force, and which of them which terminals fail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Json, Versioned


class ComplianceRule(Versioned, Base):
    """One rule that people made or changed; those of `rules.DEFAULTS` hold where there is no row.

    The columns are the fields of `rules.Rule`.
    """

    __tablename__ = "mdm_compliance_rule"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    fact: Mapped[str] = mapped_column(String(64))
    operator: Mapped[str] = mapped_column(String(16))
    value: Mapped[Any] = mapped_column(Json)
    severity: Mapped[str] = mapped_column(String(8))
    action: Mapped[str] = mapped_column(String(16))
    enabled: Mapped[bool] = mapped_column(default=True)
    classes: Mapped[list[str]] = mapped_column(default=list)
    grace_hours: Mapped[int] = mapped_column(default=0)
    deadline_hours: Mapped[int | None]
    escalation: Mapped[str | None] = mapped_column(String(16))
    unknown_passes: Mapped[bool] = mapped_column(default=False)
    sentence_en: Mapped[str] = mapped_column(String(300), default="")
    sentence_zh: Mapped[str] = mapped_column(String(300), default="")


class Failing(Base):
    """A rule that a terminal fails, since when, what it does by now, and when that grows graver.

    `acted` is the gravest consequence that was carried out: each is carried out once. A row exists
    exactly while the rule is among the terminal's posture reasons.
    """

    __tablename__ = "mdm_failing"
    __table_args__ = (
        Index("ix_mdm_failing_rule_id_device_id", "rule_id", "device_id"),
        Index("ix_mdm_failing_due_at", "due_at"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime | None]
    acted: Mapped[str] = mapped_column(String(16), default="")
