"""Mass orders: one command to many terminals, from a list that is frozen when it is asked for.

`placing.py` freezes the list and asks a second person where one is needed, `carrying.py` gives the
commands in short transactions, each terminal decided on its own, `service.py` shows how it goes.
"""

from mdm.orders.models import Order, OrderTarget
from mdm.orders.placing import Targets, place
from mdm.orders.service import Progress, TargetLine, listing, read, targets, to_decide

__all__ = [
    "Order",
    "OrderTarget",
    "Progress",
    "TargetLine",
    "Targets",
    "listing",
    "place",
    "read",
    "targets",
    "to_decide",
]
