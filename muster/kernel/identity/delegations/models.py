"""A role that was asked for and waits for a second person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class RoleRequest(Identified, Stamped, Base):
    """What an approval of `identity.role.grant` or `identity.deputy.name` would give, and to whom.

    Written once and never changed; the approval that names it freezes the same facts.
    """

    __tablename__ = "kern_role_request"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    kind: Mapped[str] = mapped_column(String(16))  # standing|deputy
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
