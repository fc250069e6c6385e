"""What happens elsewhere that changes which layers speak to a terminal: roles, units, time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from mdm.configuration import desired, scopes
from mdm.configuration.models import Configuration
from mdm.devices.events import HolderChanged
from mdm.devices.models import ManagedDevice
from muster.kernel.events import Subscriber
from muster.kernel.identity import (
    OfficerChanged,
    OfficerReinstated,
    OfficerSuspended,
    RoleGrant,
    UnitsChanged,
)
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

ROLES: Final = "mdm.configuration.roles"
EVERY: Final = timedelta(minutes=10)
_LOOKED_BACK: Final = timedelta(hours=1)


def officer_changed(
    uow: UnitOfWork, event: OfficerChanged | OfficerReinstated | OfficerSuspended
) -> None:
    """Compile what an officer holds anew: role layers follow their holder."""
    _held(uow, [event.officer_id])


def holder_changed(uow: UnitOfWork, event: HolderChanged) -> None:
    """Compile a terminal anew that has another holder, whose roles may say otherwise."""
    desired.refresh(uow, [event.device_id])


def units_changed(uow: UnitOfWork, event: UnitsChanged) -> None:
    """Compile everything anew: the tree that unit layers hang on has moved."""
    everyone = scopes.concerned(uow, "organisation", scopes.ORGANISATION)
    desired.refresh_later(uow, uow.session.scalars(everyone).all())


def roles_by_clock(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.configuration.roles`: grants that begin or end by the clock tell nobody."""
    with kernel.writes() as uow:
        since, now = uow.now() - _LOOKED_BACK, uow.now()
        turned = select(RoleGrant.officer_id).where(
            or_(
                RoleGrant.valid_from.between(since, now),
                RoleGrant.valid_until.between(since, now),
            )
        )
        _held(uow, uow.session.scalars(turned.distinct()).all())


def _held(uow: UnitOfWork, officer_ids: Sequence[UUID]) -> None:
    spoken = select(Configuration.id).where(
        Configuration.scope_kind == "role", Configuration.state == "published"
    )
    if not officer_ids or uow.session.scalar(spoken.limit(1)) is None:
        return
    query = select(ManagedDevice.id).where(ManagedDevice.holder_id.in_(officer_ids))
    desired.refresh_later(uow, uow.session.scalars(query.order_by(ManagedDevice.id)).all())


SUBSCRIBERS: Final = (
    Subscriber(OfficerChanged, officer_changed),
    Subscriber(OfficerReinstated, officer_changed),
    Subscriber(OfficerSuspended, officer_changed),
    Subscriber(UnitsChanged, units_changed),
    Subscriber(HolderChanged, holder_changed),
)
