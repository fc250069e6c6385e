"""Refusals about wearables."""

from muster.kernel.errors import Conflict


class CompanionOfCompanion(Conflict):
    code = "companion_of_companion"
    title = "A wearable brings no other in. Use the terminal that it belongs to."


class TooManyCompanions(Conflict):
    code = "too_many_companions"
    title = "This terminal has as many wearables as it may. Have one retired first."
