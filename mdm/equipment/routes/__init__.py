"""Routes of equipment: for console automation, and for officers who sign."""

from mdm.equipment.routes.assets import blp as assets
from mdm.equipment.routes.hand_overs import admin as hand_overs
from mdm.equipment.routes.hand_overs import field as own_hand_overs
from mdm.equipment.routes.sims import blp as sims
from mdm.equipment.routes.stock_takes import blp as stock_takes
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (assets, hand_overs, own_hand_overs, sims, stock_takes)
