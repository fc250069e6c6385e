"""What the guard must know about mass orders. Each terminal is decided on by itself as well."""

from mdm.orders.models import Order
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

_ORDER = "DeviceOrder"
FRAGMENT = Fragment(
    name="mdm.orders",
    resources=[
        ResourceType(_ORDER, {"unit": Attribute("Unit", Order.unit_id), "own": Attribute("Bool")})
    ],
    actions=[
        Action("mdm.order.list", "Force", groups=("console",)),
        Action("mdm.order.read", _ORDER, groups=("console",)),
        Action("mdm.order.place", _ORDER, groups=("console",)),
        Action(
            "mdm.order.place_many",
            _ORDER,
            groups=("console",),
            step_up=True,
            approval=True,
            operation="collection",
        ),
        Action(
            "mdm.order.place_many.approve",
            _ORDER,
            groups=("console",),
            step_up=True,
            internal=True,
            operation="collection",
        ),
    ],
    policies=policies_beside("mdm.orders"),
)
