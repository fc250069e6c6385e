"""Legal holds: what must not be retired, whatever its age."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class LegalHold(Identified, Versioned, Base):
    """Keeps every entry of one case, officer, subject or resource.

    kind: case|officer|subject|resource. `value` is the case number, the officer's id or
    `Type/id`; a subject's normal form lies in `sealed` instead, so that it is found under every
    index key and stands nowhere in clear.
    """

    __tablename__ = "kern_legal_hold"

    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(300), default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    label: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(1000))
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    lifted_at: Mapped[datetime | None]
