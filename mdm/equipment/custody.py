"""Who answers for a piece of equipment: one open row at most, and the terminal says the same.

A terminal's `holder_id` is a copy for the hot paths; it is written here and nowhere else once the
terminal is known as equipment.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from mdm.devices.events import HolderChanged
from mdm.devices.models import ManagedDevice
from mdm.equipment.models import Asset, Custody
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork

_COPIED = ("enrolled", "lost")


def current(uow: UnitOfWork, asset_id: UUID) -> Custody | None:
    """Return who has it now, or None."""
    return uow.session.scalar(
        select(Custody).where(Custody.asset_id == asset_id, Custody.until.is_(None))
    )


def history(uow: UnitOfWork, asset_id: UUID, limit: int = 200) -> Sequence[Custody]:
    """Return everybody who had it, the latest first."""
    query = select(Custody).where(Custody.asset_id == asset_id)
    return uow.session.scalars(query.order_by(Custody.id.desc()).limit(limit)).all()


def give(
    uow: UnitOfWork,
    asset: Asset,
    *,
    how: str,
    officer_id: UUID | None = None,
    pool_id: UUID | None = None,
    by: UUID | None = None,
    hand_over_id: UUID | None = None,
    condition: str = "",
) -> Custody:
    """Put it into somebody's hands; whoever had it until now has it no more."""
    close(uow, asset, by=by)
    row = Custody(
        asset_id=asset.id,
        officer_id=officer_id,
        pool_id=pool_id,
        hand_over_id=hand_over_id,
        since=uow.now(),
        how=how,
        condition_out=condition,
        given_by=by,
    )
    uow.session.add(row)
    _tell_terminal(uow, asset.id, officer_id)
    return row


def close(
    uow: UnitOfWork, asset: Asset, *, by: UUID | None = None, condition: str = ""
) -> Custody | None:
    """End what is open, if anything is; return it."""
    row = current(uow, asset.id)
    if row is not None:
        row.until, row.taken_by, row.condition_in = uow.now(), by, condition
        _tell_terminal(uow, asset.id, None)
        uow.session.flush()
    return row


def enrolled(uow: UnitOfWork, asset: Asset, managed: ManagedDevice) -> bool:
    """Let a terminal and the book agree once they are linked; return whether somebody has it.

    The book wins; where it is silent, the holder whom the terminal names is written into it.
    """
    held = current(uow, asset.id)
    if held is None and managed.holder_id is not None:
        held = give(uow, asset, how="assigned", officer_id=managed.holder_id)
    managed.holder_id = held.officer_id if held else None
    return held is not None


def _tell_terminal(uow: UnitOfWork, asset_id: UUID, officer_id: UUID | None) -> None:
    rows = uow.session.scalars(
        select(ManagedDevice)
        .join(Device, Device.id == ManagedDevice.id)
        .where(ManagedDevice.asset_id == asset_id, Device.state.in_(_COPIED))
    )
    for managed in rows:
        if managed.holder_id != officer_id:
            managed.holder_id = officer_id
            uow.emit(HolderChanged(device_id=managed.id))
