"""What the guard must know about orders to terminals. All of them act on a `Device`."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="mdm.commands",
    actions=[
        Action("mdm.device.lock", "Device", groups=("console",)),
        Action("mdm.device.unlock", "Device", groups=("console",)),
        Action("mdm.device.message", "Device", groups=("console",)),
        Action("mdm.device.refresh", "Device", groups=("console",)),
        Action("mdm.device.wipe", "Device", groups=("console",), approval=True),
        Action("mdm.device.wipe.approve", "Device", groups=("console",), internal=True),
        Action("mdm.command.cancel", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.commands"),
)
