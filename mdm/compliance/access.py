"""What the guard must know about compliance rules."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="mdm.compliance",
    actions=[
        Action("mdm.compliance.read", "Force", groups=("console",)),
        Action("mdm.compliance.write", "Force", groups=("console",)),
        Action("mdm.device.accept_sims", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.compliance"),
)
