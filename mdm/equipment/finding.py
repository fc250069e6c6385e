"""Finding equipment: by id, by what is printed on it, and the terminals that it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from mdm.devices.models import ManagedDevice
from mdm.equipment import serials
from mdm.equipment.custody import current
from mdm.equipment.errors import AssetNotFound
from mdm.equipment.models import Asset, Custody
from muster.kernel.guard import Target
from muster.kernel.identity import Device, Officer, Unit
from muster.kernel.uow import UnitOfWork

IN_USE = ("enrolled", "lost")
"""States of an enrolment that is not over."""


@dataclass(frozen=True)
class Item:
    """A piece of equipment as pages show it: its unit, and who answers for it now, if anybody."""

    asset: Asset
    unit: Unit
    custody: Custody | None = None
    holder: Officer | None = None
    pool: Unit | None = None

    @property
    def id(self) -> UUID:
        """The asset's id."""
        return self.asset.id


def target(uow: UnitOfWork, asset: Asset) -> Target:
    """Return a piece of equipment as the guard sees it."""
    unit = uow.kernel.people.unit(asset.unit_id)
    return Target("Asset", str(asset.id), {"stage": asset.stage}, unit=unit.path)


def find(uow: UnitOfWork, asset_id: UUID, *, lock: bool = False) -> Asset:
    """Return one asset or raise `AssetNotFound`; `lock` makes its other writers wait."""
    statement = select(Asset).where(Asset.id == asset_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    asset = uow.session.scalar(statement)
    if asset is None:
        raise AssetNotFound
    return asset


def asset_for(uow: UnitOfWork, serial: str, imei: str = "") -> Asset | None:
    """Return the equipment that a terminal says it is, for whoever lets terminals in.

    The serial number decides, in whatever case it is written. Only if the book does not know it
    does the IMEI count, and only if it names one thing. Set `ManagedDevice.asset_id` to its id, and
    then call `following.follow(uow, device_id, "enrolled")`: it brings the stage up to date and
    gives the terminal the holder that the book names. Nothing is decided or recorded here.
    """
    asset = uow.session.scalar(select(Asset).where(Asset.serial == serial.strip().upper()))
    if asset is not None or not imei:
        return asset
    named = uow.session.scalars(select(Asset).where(Asset.imei == imei).limit(2)).all()
    return named[0] if len(named) == 1 else None


def by_serial(uow: UnitOfWork, found: Collection[str]) -> dict[str, Asset]:
    """Return the assets of these serial numbers."""
    rows = uow.session.scalars(select(Asset).where(Asset.serial.in_(found)))
    return {asset.serial: asset for asset in rows}


def terminals(uow: UnitOfWork, asset_id: UUID) -> list[tuple[Device, ManagedDevice]]:
    """Return every enrolment of a piece of equipment, the newest first."""
    rows = uow.session.execute(
        select(Device, ManagedDevice)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(ManagedDevice.asset_id == asset_id)
        .order_by(Device.id.desc())
    )
    return [(device, managed) for device, managed in rows]


def serving(uow: UnitOfWork, asset_id: UUID) -> Device | None:
    """Return the terminal that this equipment is now: enrolled, or lost."""
    return next((one for one, _ in terminals(uow, asset_id) if one.state in IN_USE), None)


def unlinked(uow: UnitOfWork, printed: Mapping[str, Asset]) -> list[tuple[ManagedDevice, Asset]]:
    """Return enrolled terminals that nobody has linked yet, with the asset each of them is.

    `printed` are new assets by serial number as it was written; a terminal writes its own as it
    likes.
    """
    assets = {**printed, **{asset.serial: asset for asset in printed.values()}}
    rows = uow.session.scalars(
        select(ManagedDevice)
        .join(Device, Device.id == ManagedDevice.id)
        .where(
            ManagedDevice.serial.in_(assets),
            ManagedDevice.asset_id.is_(None),
            Device.state.in_(IN_USE),
        )
    )
    return [(managed, assets[managed.serial]) for managed in rows]


def item(uow: UnitOfWork, asset: Asset) -> Item:
    """Return an asset with its unit and who answers for it."""
    held = current(uow, asset.id)
    session = uow.session
    return Item(
        asset,
        session.get_one(Unit, asset.unit_id),
        held,
        session.get(Officer, held.officer_id) if held and held.officer_id else None,
        session.get(Unit, held.pool_id) if held and held.pool_id else None,
    )


def printed(raw: str) -> str:
    """Return a scanned serial number as the book writes it; what is none stays as it was read."""
    try:
        return serials.serial(raw)
    except serials.NotPrinted:
        return raw.strip().upper()[:64]
