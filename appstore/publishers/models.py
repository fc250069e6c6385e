"""Names of packages that are kept for a unit before anything of that name exists."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class NameClaim(Identified, Stamped, Base):
    """A package (`cn.gov.example.notes`) or all below a prefix (`cn.gov.example.*`), for a unit."""

    __tablename__ = "app_name_claim"

    pattern: Mapped[str] = mapped_column(String(225), unique=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    reason: Mapped[str] = mapped_column(String(1000))
