"""What a layer governs: its scope, who keeps it, what it is called, and the terminals it reaches.

Units, groups and terminals are named by their own id, the organisation by zeros. A class of
terminals and a role of their holders have a name and no row; their id is made from that name
(UUID version 5), so that one column and one index serve every kind.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Select, or_, select

from mdm.configuration.errors import ScopeInvalid
from mdm.devices.classes import CLASSES
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import ROLES, Device, Officer, RoleGrant, Unit
from muster.kernel.uow import UnitOfWork

ORGANISATION: Final = UUID(int=0)
NAMES: Final = {"class": CLASSES, "role": tuple(ROLES)}
_SPACE: Final = UUID("5c6f0e7d-6a55-5d0e-9f0c-0b6a4d0f7c11")
_IN_USE: Final = ("enrolled", "lost")


def named(kind: str, name: str) -> UUID:
    """Return the id of a class of terminals or of a role of their holders."""
    return uuid5(_SPACE, f"{kind}:{name}")


_BY_ID: Final = {named(kind, name): name for kind, names in NAMES.items() for name in names}


def name_of(scope_id: UUID) -> str:
    """Return the class or role behind an id, '' if it is none."""
    return _BY_ID.get(scope_id, "")


def scope_id(kind: str, given: UUID | None, name: str | None) -> UUID:
    """Return a layer's scope as it is stored: an id is given, or a name, or nothing at all.

    Raises `ScopeInvalid` for a class or role that the house does not know.
    """
    if kind in NAMES:
        if given is not None or name not in NAMES[kind]:
            raise ScopeInvalid
        return named(kind, name)
    if name is not None or (kind == "organisation") is not (given is None):
        raise ScopeInvalid
    return given or ORGANISATION


def owner(uow: UnitOfWork, kind: str, scope: UUID) -> str:
    """Return the path of the unit whose admins keep a layer.

    What reaches across units (the organisation, a class, a role) belongs to the root.
    """
    root = select(Unit.path).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    device = select(Unit.path).join(Device, Device.unit_id == Unit.id).where(Device.id == scope)
    owners: dict[str, Select[str]] = {
        "organisation": root,
        "class": root,
        "role": root,
        "unit": select(Unit.path).where(Unit.id == scope),
        "group": select(Unit.path).join(Group, Group.unit_id == Unit.id).where(Group.id == scope),
        "device": device,
        "incident": device,
    }
    path = uow.session.scalars(owners[kind].limit(1)).first()
    if path is None:
        raise ScopeInvalid
    return path


def titles(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by scope the name of what layers govern; the organisation has none."""
    found = {scope: name_of(scope) for scope in ids}
    for column, key in ((Unit.name, Unit.id), (Group.name, Group.id), (Device.label, Device.id)):
        found.update(uow.session.execute(select(key, column).where(key.in_(ids))).all())
    return found


def concerned(uow: UnitOfWork, kind: str, scope: UUID) -> Select[UUID]:
    """Select the ids of the terminals in service or lost that a layer speaks to, by id."""
    served = select(Device.id).where(Device.state.in_(_IN_USE)).order_by(Device.id)
    if kind == "class":
        alike = select(ManagedDevice.id).where(ManagedDevice.device_class == name_of(scope))
        return served.where(Device.id.in_(alike))
    if kind == "role":
        held = select(ManagedDevice.id).where(
            ManagedDevice.holder_id.in_(holders(uow.now(), name_of(scope)))
        )
        return served.where(Device.id.in_(held))
    if kind == "unit":
        path = uow.kernel.people.unit(scope).path
        below = select(Unit.id).where(Unit.path.startswith(path, autoescape=True))
        return served.where(Device.unit_id.in_(below))
    if kind == "group":
        members = select(GroupMember.device_id).where(GroupMember.group_id == scope)
        return served.where(Device.id.in_(members))
    if kind in ("device", "incident"):
        return served.where(Device.id == scope)
    return served


def holders(now: datetime, role: str) -> Select[UUID]:
    """Select the officers in service who hold a role now, at whatever unit."""
    return (
        select(RoleGrant.officer_id)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(
            RoleGrant.role == role,
            Officer.state == "active",
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= now),
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
        )
    )
