"""What becomes of a piece of equipment when its terminal changes state.

The table of `stages.py` holds here too, but it never stands in a terminal's way: a move that it
does not allow leaves the stage as it was.
"""

from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from mdm.devices.models import ManagedDevice
from mdm.equipment import custody, stages
from mdm.equipment.errors import AssetWrongStage
from mdm.equipment.models import Asset
from muster.kernel.uow import UnitOfWork

Happening = Literal["enrolled", "lost", "found", "wiped", "retired"]
_ACTS: Final[dict[str, stages.Act]] = {
    "lost": "report_lost",
    "found": "report_found",
    "wiped": "wipe",
    "retired": "retire",
}


def follow(uow: UnitOfWork, device_id: UUID, happening: Happening) -> None:
    """Move the asset of a terminal along in the unit of work that moves the terminal.

    `enrolled` is for whoever has just linked the two (`ManagedDevice.asset_id`).
    """
    managed = uow.session.get(ManagedDevice, device_id)
    if managed is None or managed.asset_id is None:
        return
    asset = uow.session.scalar(select(Asset).where(Asset.id == managed.asset_id))
    if asset is None:
        return
    if happening == "enrolled":
        held = custody.enrolled(uow, asset, managed)
        enter(uow, asset, stages.enrolled(asset.stage, held=held))
    else:
        enter(uow, asset, stages.followed(asset.stage, _ACTS[happening]))


def enter(uow: UnitOfWork, asset: Asset, stage: str) -> None:
    """Put an asset into a stage; one that is retired is in nobody's hands any more."""
    if stage != asset.stage:
        asset.stage, asset.stage_at = stage, uow.now()
    if stage == "retired":
        custody.close(uow, asset)


def permitted(asset: Asset, act: stages.Act) -> str:
    """Return the stage that an act leads to, or raise `AssetWrongStage`."""
    stage = stages.after(asset.stage, act)
    if stage is None:
        raise AssetWrongStage(
            stages.refusal(asset.stage, act), instead=list(stages.allowed(asset.stage))
        )
    return stage
