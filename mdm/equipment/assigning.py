"""A terminal that is handed out without a signature, written into the book all the same."""

from uuid import UUID

from mdm.equipment import custody, finding
from mdm.equipment.following import enter, permitted
from muster.kernel.uow import UnitOfWork


def book(uow: UnitOfWork, asset_id: UUID, officer_id: UUID | None, *, by: UUID) -> None:
    """Give the thing to an officer on an admin's word alone, or take it back (None).

    The row says `assigned`: nobody signed. Raises `AssetWrongStage` for what may not be issued.
    """
    asset = finding.find(uow, asset_id, lock=True)
    if officer_id is None:
        custody.close(uow, asset, by=by)
        if asset.stage in ("issued", "inspected"):
            enter(uow, asset, "in_stock")
        return
    stage = "issued" if asset.stage == "issued" else permitted(asset, "issue")
    custody.give(uow, asset, how="assigned", officer_id=officer_id, by=by)
    enter(uow, asset, stage)
