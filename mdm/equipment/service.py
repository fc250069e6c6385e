"""What people do with equipment: put it into the book, change the entry, move it along."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm import devices
from mdm.equipment import custody, finding, serials, stages
from mdm.equipment.errors import (
    AssetNotHeld,
    AssetSerialTaken,
    AssetStillEnrolled,
)
from mdm.equipment.finding import Item
from mdm.equipment.following import enter, follow, permitted
from mdm.equipment.models import Asset
from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

BY_HAND: Final[tuple[stages.Act, ...]] = (
    "receive",
    "repair",
    "report_lost",
    "report_found",
    "inspect",
    "retire",
)
"""Acts that are one decision of one person; issuing and taking back are hand-overs."""
_ACTIONS: Final = {"report_lost": "mdm.asset.report_lost", "retire": "mdm.asset.retire"}
_HAND_IN: Final = frozenset(("receive", "repair", "retire"))
"""Acts after which nobody answers for it any more."""


@dataclass(frozen=True)
class Details:
    """What the book says of one thing; `unit` is a unit's code."""

    serial: str
    unit: str
    imei: str = ""
    model: str = ""
    vendor: str = ""
    device_class: str = "handheld"
    purchased_on: date | None = None
    warranty_until: date | None = None
    note: str = ""
    stage: str = "in_stock"


def read(uow: UnitOfWork, actor: Actor, asset_id: UUID) -> Item:
    """Return one piece of equipment with who answers for it."""
    asset = finding.find(uow, asset_id)
    guard.require(uow, actor, "mdm.asset.read", finding.target(uow, asset))
    return finding.item(uow, asset)


def register(uow: UnitOfWork, actor: Actor, details: Details) -> Item:
    """Put a new thing into the book, `procured` or `in_stock`.

    A terminal with its serial number that is enrolled already is linked. Raises `AssetSerialTaken`,
    and `InvalidInput` for numbers that cannot be right.
    """
    wished = checked(details)
    unit = uow.kernel.people.by_code(wished.unit)
    asset = Asset(id=uuid7(), unit_id=unit.id, stage_at=uow.now(), stage=wished.stage)
    write(asset, wished)
    guard.require(uow, actor, "mdm.asset.register", finding.target(uow, asset)).note(
        serial=wished.serial
    )
    taken = select(Asset.id).where(Asset.serial == wished.serial)
    if uow.session.scalar(taken) is not None:
        raise AssetSerialTaken
    uow.session.add(asset)
    uow.session.flush()
    link(uow, {details.serial: asset})
    return finding.item(uow, asset)


def change(
    uow: UnitOfWork, actor: Actor, asset_id: UUID, version: int, wishes: dict[str, Any]
) -> Item:
    """Change what the book says of a thing; `wishes` are fields of `Details` but serial and stage.

    Another unit must be one that the actor may register things for.
    """
    asset = finding.find(uow, asset_id)
    decision = guard.require(uow, actor, "mdm.asset.change", finding.target(uow, asset))
    if asset.version != version:
        raise StaleVersion
    unit = uow.kernel.people.unit(asset.unit_id)
    wished = checked(replace(_details(asset, unit.code), **wishes))
    if wished.unit != unit.code:
        unit = uow.kernel.people.by_code(wished.unit)
        there = Target("Asset", str(asset.id), {"stage": asset.stage}, unit=unit.path)
        guard.require(uow, actor, "mdm.asset.register", there)
        asset.unit_id = unit.id
    write(asset, wished)
    decision.note(fields=sorted(wishes))
    uow.session.flush()
    return finding.item(uow, asset)


def move(
    uow: UnitOfWork,
    actor: Actor,
    asset_id: UUID,
    act: stages.Act,
    *,
    reason: str,
    condition: str = "",
) -> Item:
    """Move a thing along by one of `BY_HAND`.

    Raises `AssetWrongStage`, which says what may be done instead, and `AssetStillEnrolled`. Lost
    and found go by way of its terminal, if one is enrolled: that blocks it, or lets it in again.
    """
    asset = finding.find(uow, asset_id, lock=True)
    action = _ACTIONS.get(act, "mdm.asset.move")
    decision = guard.require(uow, actor, action, finding.target(uow, asset))
    decision.note(reason=reason, act=act, was=asset.stage)
    stage = permitted(asset, act)
    terminal = finding.serving(uow, asset.id)
    if terminal is not None and act == "retire":
        raise AssetStillEnrolled
    if terminal is not None and act == "report_lost":
        devices.report_lost(uow, actor, terminal.id, reason)
    if terminal is not None and act == "report_found" and terminal.state == "lost":
        devices.report_found(uow, actor, terminal.id, reason)
    enter(uow, asset, stage)
    if act in _HAND_IN:
        custody.close(uow, asset, by=actor.id, condition=condition)
    uow.session.flush()
    return finding.item(uow, asset)


def take_back(
    uow: UnitOfWork, actor: Actor, asset_id: UUID, *, condition: str, reason: str = ""
) -> Item:
    """Take a thing back into stock and note its condition.

    Raises `AssetWrongStage`, and `AssetNotHeld` if nobody has it.
    """
    asset = finding.find(uow, asset_id, lock=True)
    decision = guard.require(uow, actor, "mdm.asset.take_back", finding.target(uow, asset))
    stage = permitted(asset, "take_back")
    held = custody.close(uow, asset, by=actor.id, condition=condition)
    if held is None:
        raise AssetNotHeld
    enter(uow, asset, stage)
    decision.note(reason=reason, custody=str(held.id))
    uow.session.flush()
    return finding.item(uow, asset)


def link(uow: UnitOfWork, printed: dict[str, Asset]) -> None:
    """Link terminals that were enrolled before their equipment stood in the book."""
    for managed, asset in finding.unlinked(uow, printed):
        managed.asset_id = asset.id
        uow.session.flush()
        follow(uow, managed.id, "enrolled")


def write(asset: Asset, details: Details) -> None:
    """Copy what was checked into the row; unit and stage are the caller's."""
    asset.serial, asset.imei = details.serial, details.imei
    asset.model, asset.vendor = details.model, details.vendor
    asset.device_class, asset.note = details.device_class, details.note
    asset.purchased_on, asset.warranty_until = details.purchased_on, details.warranty_until


def checked(details: Details) -> Details:
    """Return the details as they are stored, or raise `InvalidInput` at the field."""
    read: dict[str, Any] = {}
    for name, rule in (("serial", serials.serial), ("imei", serials.imei)):
        try:
            read[name] = rule(getattr(details, name))
        except serials.NotPrinted as error:
            raise InvalidInput(errors=[Fault(f"/{name}", str(error))]) from error
    return replace(details, **read)


def _details(asset: Asset, unit: str) -> Details:
    return Details(
        serial=asset.serial,
        unit=unit,
        imei=asset.imei,
        model=asset.model,
        vendor=asset.vendor,
        device_class=asset.device_class,
        purchased_on=asset.purchased_on,
        warranty_until=asset.warranty_until,
        note=asset.note,
        stage=asset.stage,
    )
