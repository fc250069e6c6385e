"""What the guard must know about groups of terminals."""

from mdm.groups.models import Group
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.groups",
    resources=[ResourceType("DeviceGroup", {"unit": Attribute("Unit", Group.unit_id)})],
    actions=[
        Action("mdm.group.list", "Force", groups=("console",)),
        Action("mdm.group.create", "DeviceGroup", groups=("console",)),
        Action("mdm.group.change", "DeviceGroup", groups=("console",)),
        Action("mdm.device.edit", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.groups"),
)
