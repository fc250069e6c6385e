"""Verdicts as they were given."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class CheckRow(Base):
    """One rule's verdict on one release. verdict: pass|warn|block; `place` is the rule's turn.

    `rule_set` names the rules as they were then; empty for verdicts from before they had a name.
    """

    __tablename__ = "app_check"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[list[Any]]
    rule_set: Mapped[str] = mapped_column(String(12), default="")
