"""Where a terminal goes as it comes in: its pre-registration decides, else its token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from mdm.devices.models import ManagedDevice
from mdm.enrolment.models import EnrolRule, EnrolToken, PreRegistration
from mdm.equipment.finding import asset_for
from muster.kernel.identity import Unit
from muster.kernel.uow import UnitOfWork

DEFAULT_CLASS: Final = "handheld"


@dataclass(frozen=True)
class Place:
    """What a terminal is from its first moment, and if somebody must let it in first."""

    unit_id: UUID
    device_class: str
    group_ids: Sequence[UUID]
    ownership: str
    holder_id: UUID | None
    needs_approval: bool
    ring: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    asset_id: UUID | None = None
    registration: PreRegistration | None = None


def place(uow: UnitOfWork, token: EnrolToken, serial: str, imei: str) -> Place:
    """Return where the terminal of this serial number and IMEI goes.

    A token of the default class takes the class of the piece of equipment, if we own one with
    this number. A registration by serial goes before one by IMEI.
    """
    found = _numbered(uow, serial, imei)
    asset = asset_for(uow, serial, imei)
    class_ = token.device_class
    if class_ == DEFAULT_CLASS and asset is not None:
        class_ = asset.device_class
    asset_id = asset.id if asset else None
    if found is None:
        waits = token.needs_approval or wanted(uow, token.unit_id)
        groups = [UUID(group_id) for group_id in token.group_ids]
        return Place(
            token.unit_id,
            class_,
            groups,
            token.ownership,
            token.holder_id,
            waits,
            asset_id=asset_id,
        )
    return Place(
        found.unit_id,
        found.device_class or class_,
        [UUID(group_id) for group_id in found.group_ids],
        found.ownership,
        found.holder_id,
        token.needs_approval or wanted(uow, found.unit_id),
        found.ring,
        dict(found.attributes),
        asset_id,
        found,
    )


def wanted(uow: UnitOfWork, unit_id: UUID) -> bool:
    """Whether a unit, or the nearest unit above it that says anything, wants approval."""
    codes = uow.kernel.people.unit(unit_id).path.strip("/").split("/")
    said = dict(
        uow.session.execute(
            select(Unit.code, EnrolRule.needs_approval)
            .join(EnrolRule, EnrolRule.unit_id == Unit.id)
            .where(Unit.code.in_(codes))
        ).all()
    )
    return next((said[code] for code in reversed(codes) if code in said), False)


def _numbered(uow: UnitOfWork, serial: str, imei: str) -> PreRegistration | None:
    rows = uow.session.scalars(select(PreRegistration).where(_either(serial, imei))).all()
    return max(rows, key=lambda row: row.serial == serial, default=None)


def _either(serial: str, imei: str) -> ColumnElement[bool]:
    by_serial = PreRegistration.serial == serial
    return or_(by_serial, PreRegistration.imei == imei) if imei else by_serial


def note(uow: UnitOfWork, where: Place, managed: ManagedDevice) -> None:
    """Write on the pre-registration who came in by it."""
    if where.registration is not None:
        where.registration.device_id = managed.id
        where.registration.used_at = uow.now()
