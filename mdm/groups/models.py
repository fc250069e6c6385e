"""Groups of terminals that people name: pilot rings, bikes, loan pool."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Group(Identified, Versioned, Base):
    """A named set of terminals, kept by the device admins of its unit."""

    __tablename__ = "mdm_group"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(String(500), default="")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))


class GroupMember(Base):
    """A terminal in a group."""

    __tablename__ = "mdm_group_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(
        ForeignKey("mdm_device.id"), primary_key=True, index=True
    )
