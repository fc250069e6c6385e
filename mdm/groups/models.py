"""Groups of terminals that people name: pilot rings, bikes, loan pool."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Group(Identified, Versioned, Base):
    """A named set of terminals, kept by the device admins of its unit.

    A group with a `rule` also takes every terminal that fits it (`mdm.groups.rule`). Where two
    groups configure the same key, the higher `priority` wins; of equals, the younger group.
    """

    __tablename__ = "mdm_group"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(String(500), default="")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    rule: Mapped[dict[str, Any] | None]
    priority: Mapped[int] = mapped_column(default=0)


class GroupMember(Base):
    """A terminal in a group: put in by somebody, or for as long as it fits the group's rule."""

    __tablename__ = "mdm_group_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(
        ForeignKey("mdm_device.id"), primary_key=True, index=True
    )
    by_rule: Mapped[bool] = mapped_column(default=False)
