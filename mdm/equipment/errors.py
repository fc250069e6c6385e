"""Refusals about equipment."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class AssetNotFound(NotFound):
    code = "asset_not_found"
    title = "There is no such piece of equipment, or not for you."


class AssetSerialTaken(Conflict):
    code = "asset_serial_taken"
    title = "This serial number is in the book already. Change that entry instead."


class AssetWrongStage(Conflict):
    code = "asset_wrong_stage"
    title = "The stage of this equipment does not allow this."


class AssetStillEnrolled(Conflict):
    code = "asset_still_enrolled"
    title = "Its terminal is still enrolled. Wipe or retire the terminal first, then retire this."


class AssetNotHeld(Conflict):
    code = "asset_not_held"
    title = "Nobody holds this equipment, so there is nothing to take back."


class HandOverNotFound(NotFound):
    code = "hand_over_not_found"
    title = "There is no such hand-over, or it is not yours to sign."


class HandOverOpen(Conflict):
    code = "hand_over_open"
    title = "This equipment is offered to somebody already. Withdraw that offer first."


class HandOverClosed(Conflict):
    code = "hand_over_closed"
    title = "This hand-over is signed, withdrawn or expired. Ask for a new one."


class HandOverChanged(Conflict):
    code = "hand_over_changed"
    title = "This is not what was offered, or it changed since. Read the hand-over again."


class EquipmentFile(InvalidInput):
    code = "equipment_file"
    title = "The file cannot be taken. Each line below says what to change."
