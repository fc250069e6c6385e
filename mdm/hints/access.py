"""What the guard must know about telling terminals."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="mdm.hints",
    actions=[
        Action("mdm.hint.register", "Device", groups=("agent_door",), principals=("Terminal",)),
        Action("mdm.hint.list", "Force", groups=("console",)),
    ],
    policies=policies_beside("mdm.hints"),
)
