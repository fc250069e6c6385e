"""Which published layers speak to which terminals: a few statements for a whole batch.

The answer is a stack of references, lowest first. Terminals with the same stack are to be alike,
so what is merged once serves them all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mdm.configuration.effective import RANK
from mdm.configuration.models import Configuration
from mdm.configuration.scopes import NAMES, ORGANISATION, named
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device, Officer, RoleGrant, Unit
from muster.kernel.uow import UnitOfWork

BATCH: Final = 250


@dataclass(frozen=True)
class Ref:
    """One published revision in a stack. `version` tells apart what a roll-back left behind."""

    kind: str
    name: str
    configuration_id: UUID
    version: int


Stack = tuple[Ref, ...]


@dataclass(frozen=True)
class _Place:
    """What about one terminal decides which layers speak to it."""

    unit_path: str
    device_class: str
    holder_id: UUID | None


def stacks(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, Stack]:
    """Return the layers above the built-in base for each terminal that exists."""
    scopes = _scopes(uow, device_ids)
    published = _published(uow.session, scopes)
    return {device_id: _stack(found, published) for device_id, found in scopes.items()}


def foreseen(
    uow: UnitOfWork, device_ids: Collection[UUID], draft: Configuration
) -> dict[UUID, tuple[Stack, Stack]]:
    """Return for each terminal its layers as they are, and as if the draft were published."""
    scopes = _scopes(uow, device_ids, draft)
    published = _published(uow.session, scopes)
    others = [one for one in published.get(draft.scope_id, ()) if one[0] != draft.scope_kind]
    then = {**published, draft.scope_id: [*others, (draft.scope_kind, draft.id, draft.version)]}
    return {
        device_id: (_stack(found, published), _stack(found, then))
        for device_id, found in scopes.items()
    }


def documents(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the documents of these revisions."""
    query = select(Configuration.id, Configuration.document).where(Configuration.id.in_(ids))
    return dict(session.execute(query).all())


def _scopes(
    uow: UnitOfWork, device_ids: Collection[UUID], draft: Configuration | None = None
) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return what may speak to each terminal, by scope and name, lowest first."""
    session = uow.session
    places = _places(session, device_ids)
    units = _units(session, {code for place in places.values() for code in _codes(place)})
    groups = _groups(session, places, draft)
    roles = _roles(uow, {place.holder_id for place in places.values() if place.holder_id})
    return {
        device_id: [
            (ORGANISATION, ""),
            (named("class", place.device_class), place.device_class),
            *((units[code], code) for code in _codes(place) if code in units),
            *groups.get(device_id, ()),
            *((named("role", role), role) for role in roles.get(place.holder_id, ())),
            (device_id, ""),
        ]
        for device_id, place in places.items()
    }


def _stack(
    scopes: Iterable[tuple[UUID, str]], published: Mapping[UUID, Sequence[tuple[str, UUID, int]]]
) -> Stack:
    refs = [
        Ref(kind, f"{kind} {name}".strip(), configuration_id, version)
        for scope, name in scopes
        for kind, configuration_id, version in published.get(scope, ())
    ]
    return tuple(sorted(refs, key=lambda ref: RANK[ref.kind]))


def _places(session: Session, device_ids: Collection[UUID]) -> dict[UUID, _Place]:
    query = (
        select(Device.id, Unit.path, ManagedDevice.device_class, ManagedDevice.holder_id)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.id.in_(device_ids))
    )
    return {row[0]: _Place(*row[1:]) for row in session.execute(query)}


def _codes(place: _Place) -> list[str]:
    return place.unit_path.strip("/").split("/")


def _units(session: Session, codes: Collection[str]) -> dict[str, UUID]:
    return dict(session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(codes))).all())


def _groups(
    session: Session, device_ids: Collection[UUID], draft: Configuration | None
) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return the groups of each terminal that a layer speaks to, in the order of their rank."""
    speaking = select(Configuration.scope_id).where(
        Configuration.scope_kind == "group", Configuration.state == "published"
    )
    query = (
        select(GroupMember.device_id, Group.id, Group.name)
        .join(Group, Group.id == GroupMember.group_id)
        .where(
            GroupMember.device_id.in_(device_ids),
            or_(Group.id.in_(speaking), Group.id == (draft.scope_id if draft else None)),
        )
        .order_by(Group.priority, Group.id)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for device_id, group_id, name in session.execute(query):
        found.setdefault(device_id, []).append((group_id, name))
    return found


def _roles(uow: UnitOfWork, officer_ids: Collection[UUID]) -> dict[UUID | None, list[str]]:
    """Return the roles each officer in service holds now, at whatever unit, in the house's order."""
    if not officer_ids:
        return {}
    now = uow.now()
    query = (
        select(RoleGrant.officer_id, RoleGrant.role)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(
            RoleGrant.officer_id.in_(officer_ids),
            Officer.state == "active",
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= now),
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
        )
        .distinct()
    )
    held: dict[UUID | None, set[str]] = {}
    for officer_id, role in uow.session.execute(query):
        held.setdefault(officer_id, set()).add(role)
    return {who: [role for role in NAMES["role"] if role in roles] for who, roles in held.items()}


def _published(
    session: Session, scopes: Mapping[UUID, Sequence[tuple[UUID, str]]]
) -> dict[UUID, list[tuple[str, UUID, int]]]:
    """Return by scope the revisions in force: kind, id and version."""
    asked = {scope for spoken in scopes.values() for scope, _ in spoken}
    query = select(
        Configuration.scope_id, Configuration.scope_kind, Configuration.id, Configuration.version
    ).where(Configuration.state == "published", Configuration.scope_id.in_(asked))
    found: dict[UUID, list[tuple[str, UUID, int]]] = {}
    for scope, kind, configuration_id, version in session.execute(query):
        found.setdefault(scope, []).append((kind, configuration_id, version))
    return found
