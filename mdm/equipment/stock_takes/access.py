"""What the guard must know about stock-takes."""

from mdm.equipment.stock_takes.models import StockTake
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.equipment.stock_takes",
    resources=[ResourceType("StockTake", {"unit": Attribute("Unit", StockTake.unit_id)})],
    actions=[
        Action("mdm.stock_take.list", "Force", groups=("console",)),
        Action("mdm.stock_take.read", "StockTake", groups=("console",)),
        Action("mdm.stock_take.begin", "StockTake", groups=("console",)),
        Action("mdm.stock_take.scan", "StockTake", groups=("console",)),
        Action("mdm.stock_take.close", "StockTake", groups=("console",)),
    ],
    policies=policies_beside("mdm.equipment.stock_takes"),
)
