"""Which published layers speak to a terminal."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mdm.configuration.effective import Layer
from mdm.configuration.keys import BASE, BASE_NAME
from mdm.configuration.models import Configuration
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device, Unit

ORGANISATION: Final = UUID(int=0)


def of_device(session: Session, device_id: UUID) -> list[Layer]:
    """Return every layer that applies to a terminal, the built-in base first."""
    chain = _unit_chain(session, device_id)
    groups = dict(
        session.execute(
            select(Group.id, Group.name)
            .join(GroupMember, GroupMember.group_id == Group.id)
            .where(GroupMember.device_id == device_id)
            .order_by(Group.id)
        ).all()
    )
    depths = {
        ORGANISATION: 1,
        device_id: 0,
        **{unit_id: depth for depth, (unit_id, _) in enumerate(chain)},
        **{group_id: depth for depth, group_id in enumerate(groups)},
    }
    names = {**dict(chain), **groups}
    rows = session.execute(
        select(Configuration.scope_kind, Configuration.scope_id, Configuration.document).where(
            Configuration.state == "published", Configuration.scope_id.in_(list(depths))
        )
    ).all()
    layers = [
        Layer(kind, _title(kind, names.get(scope_id, "")), document, depths[scope_id])
        for kind, scope_id, document in rows
    ]
    return [Layer("organisation", BASE_NAME, BASE, 0), *layers]


def _unit_chain(session: Session, device_id: UUID) -> list[tuple[UUID, str]]:
    """Return id and code of the terminal's unit and all above it, root first."""
    path = session.scalars(
        select(Unit.path).join(Device, Device.unit_id == Unit.id).where(Device.id == device_id)
    ).one()
    codes = path.strip("/").split("/")
    found = session.execute(select(Unit.id, Unit.code).where(Unit.code.in_(codes))).all()
    return sorted(found, key=lambda unit: codes.index(unit[1]))


def _title(kind: str, name: str) -> str:
    return f"{kind} {name}".strip()
