"""The compliance rules in force."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Json, Versioned


class ComplianceRule(Versioned, Base):
    """One changed rule; the rules of `rules.DEFAULTS` hold where there is no row."""

    __tablename__ = "mdm_compliance_rule"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    fact: Mapped[str] = mapped_column(String(64))
    operator: Mapped[str] = mapped_column(String(16))
    value: Mapped[Any] = mapped_column(Json)
    severity: Mapped[str] = mapped_column(String(8))
    action: Mapped[str] = mapped_column(String(8))
    enabled: Mapped[bool] = mapped_column(default=True)
