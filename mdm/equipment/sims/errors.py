"""Refusals about SIM cards."""

from muster.kernel.errors import Conflict, NotFound


class SimNotFound(NotFound):
    code = "sim_not_found"
    title = "There is no such SIM card, or not for you."


class SimTaken(Conflict):
    code = "sim_iccid_taken"
    title = "A card with this ICCID is in the book already. Change that entry instead."


class SimElsewhere(Conflict):
    code = "sim_elsewhere"
    title = "This card is in another piece of equipment. Take it out there first."


class SimOutOfUse(Conflict):
    code = "sim_out_of_use"
    title = "This card is lost or retired. Set its state to active before you put it in."
