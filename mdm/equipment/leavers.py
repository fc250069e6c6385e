"""Equipment in a leaver's hands, for the supervisor's list."""

from uuid import UUID

from sqlalchemy import select, update

from mdm.devices.models import ManagedDevice
from mdm.equipment.finding import IN_USE
from mdm.equipment.models import Asset, Custody, HandOver
from muster.kernel.identity import Device, Held
from muster.kernel.uow import UnitOfWork


class HeldEquipment:
    """Answers `HOLDINGS` for equipment; what is an enrolled terminal is listed as one, not here."""

    def held(self, uow: UnitOfWork, officer_id: UUID) -> list[Held]:
        """Return what the officer answers for and no terminal in service speaks for."""
        told = (
            select(ManagedDevice.id)
            .join(Device, Device.id == ManagedDevice.id)
            .where(
                ManagedDevice.asset_id == Asset.id,
                ManagedDevice.holder_id == officer_id,
                Device.state.in_(IN_USE),
            )
        )
        rows = uow.session.scalars(
            select(Asset)
            .join(Custody, Custody.asset_id == Asset.id)
            .where(Custody.officer_id == officer_id, Custody.until.is_(None), ~told.exists())
            .order_by(Asset.serial)
        )
        return [
            Held("equipment", str(asset.id), f"{asset.model} {asset.serial}".strip())
            for asset in rows
        ]

    def let_go(self, uow: UnitOfWork, officer_id: UUID) -> None:
        """Withdraw what waits for the leaver's signature; what they hold must be fetched."""
        uow.session.execute(
            update(HandOver)
            .where(HandOver.officer_id == officer_id, HandOver.state == "offered")
            .values(state="withdrawn")
        )
