"""What the guard must know about terminals."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside
from muster.kernel.identity import Device

FRAGMENT = Fragment(
    name="mdm.devices",
    resources=[
        ResourceType(
            "Device",
            {
                "unit": Attribute("Unit", Device.unit_id),
                "state": Attribute("String", Device.state),
                "held": Attribute("Bool"),
            },
        )
    ],
    actions=[
        Action("mdm.device.list", "Force", groups=("console",)),
        Action("mdm.device.list_held", "Force", groups=("data",)),
        Action("mdm.device.read", "Device", groups=("console",)),
        Action("mdm.device.assign", "Device", groups=("console",)),
        Action("mdm.device.report_lost", "Device"),
        Action("mdm.device.report_found", "Device", groups=("console",)),
        Action("mdm.device.retire", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.devices"),
)
