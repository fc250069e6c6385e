"""What the guard must know about terminals that bring others in."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="mdm.companions",
    actions=[
        Action("mdm.agent.companion", "Device", groups=("agent_door",), principals=("Terminal",)),
    ],
    policies=policies_beside("mdm.companions"),
)
