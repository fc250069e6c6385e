"""Where terminals stand: all the audiences that each belongs to, in two statements for a batch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, cast, literal, null, or_, select, union_all

from mdm.audiences.audience import Audience
from mdm.configuration import ORGANISATION, named
from mdm.devices.models import ManagedDevice
from mdm.groups import Facts, GroupMember, facts_of, facts_query, fits
from muster.kernel.identity import Officer, RoleGrant
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Standing:
    """The scopes of all audiences that a terminal belongs to, and what rules may ask of it."""

    scopes: frozenset[UUID]
    facts: Facts


def reaches(audience: Audience, standing: Standing) -> bool:
    """Whether a terminal that stands there belongs to an audience."""
    if audience.rule is not None:
        return fits(audience.rule, standing.facts)
    return audience.scope in standing.scopes


def standings(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Return where each terminal in service or lost stands; the others are left out."""
    lines = uow.session.execute(facts_query().where(ManagedDevice.id.in_(device_ids))).all()
    joined = _joined(uow, [line[0] for line in lines])
    return {line[0]: _standing(uow, facts_of(line), joined.get(line[0], set())) for line in lines}


def _standing(uow: UnitOfWork, facts: Facts, joined: Collection[UUID]) -> Standing:
    units = {uow.kernel.people.by_code(code).id for code in facts.units}
    scopes = {ORGANISATION, named("class", facts.device_class), *units, *joined}
    return Standing(frozenset(scopes), facts)


def _joined(uow: UnitOfWork, device_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return the groups of each terminal, and the roles that its holder has now."""
    if not device_ids:
        return {}
    now = uow.now()
    groups = select(GroupMember.device_id, GroupMember.group_id, literal("")).where(
        GroupMember.device_id.in_(device_ids)
    )
    roles = (
        select(ManagedDevice.id, cast(null(), Uuid), RoleGrant.role)
        .join(RoleGrant, RoleGrant.officer_id == ManagedDevice.holder_id)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(
            ManagedDevice.id.in_(device_ids),
            Officer.state == "active",
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= now),
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    rows: Any = uow.session.execute(union_all(groups, roles))
    for device_id, group_id, role in rows:
        found.setdefault(device_id, set()).add(group_id or named("role", role))
    return found
