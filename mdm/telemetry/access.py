"""What the guard must know about what terminals tell: logs, crashes, quarantine."""

from mdm.telemetry.models import CrashGroup
from muster.kernel.guard import Action, Attribute, Audited, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.telemetry",
    resources=[
        ResourceType("CrashGroup", {"unit": Attribute("Unit", CrashGroup.unit_id, optional=True)})
    ],
    actions=[
        Action(
            "mdm.log.submit",
            "Device",
            groups=("agent_door",),
            principals=("Terminal",),
            audited=Audited.COUNTED,
        ),
        Action("mdm.log.read", "Device", groups=("console",)),
        Action("mdm.crash.list", "Force", groups=("console",)),
        Action("mdm.crash.read", "CrashGroup", groups=("console",)),
        Action("mdm.quarantine.list", "Force", groups=("console",)),
        Action("mdm.quarantine.read", "Device", groups=("console",)),
        Action("mdm.quarantine.delete", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.telemetry"),
)
