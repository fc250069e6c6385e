"""Terminals as police equipment: one row for each thing, from the box to the shredder.

An asset outlives its enrolments: wiped and enrolled again it is the same thing with another
principal. Start with `stages.py` (the table of moves), then `service.py` (what people do) and
`hand_overs.py` (what officers sign). `custody.py` says who has what, `following.py` moves an asset
along with its terminal, `file.py` reads and writes CSV. `sims` and `stock_takes` are rooms of their
own.
"""

from mdm.equipment import file, hand_overs, sims, stock_takes
from mdm.equipment.custody import history
from mdm.equipment.finding import Item, asset_for, serving, target, terminals
from mdm.equipment.following import follow
from mdm.equipment.models import Asset, Custody, HandOver
from mdm.equipment.register import AssetQuery, listing
from mdm.equipment.service import BY_HAND, Details, change, move, read, register, take_back
from mdm.equipment.sheets import MAX_BYTES, Taken
from mdm.equipment.stages import STAGES, allowed

__all__ = [
    "BY_HAND",
    "MAX_BYTES",
    "STAGES",
    "Asset",
    "AssetQuery",
    "Custody",
    "Details",
    "HandOver",
    "Item",
    "Taken",
    "allowed",
    "asset_for",
    "change",
    "file",
    "follow",
    "hand_overs",
    "history",
    "listing",
    "move",
    "read",
    "register",
    "serving",
    "sims",
    "stock_takes",
    "take_back",
    "target",
    "terminals",
]
