"""What the guard must know about certificates of terminals and the CAs that give them."""

from muster.kernel.guard import Action, Fragment, policies_beside

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="mdm.certificates",
    actions=[
        Action("mdm.ca.read", "Force", groups=_CONSOLE, principals=("Officer", "System")),
        Action("mdm.ca.request", "Force", principals=("System",), internal=True),
        Action("mdm.ca.install", "Force", principals=("System",), internal=True),
        Action("mdm.ca.retire", "Force", principals=("System",), internal=True),
        Action("mdm.certificate.list", "Force", groups=_CONSOLE),
        Action("mdm.certificate.read", "Device", groups=_CONSOLE, internal=True),
        Action("mdm.certificate.challenge", "Device", groups=_CONSOLE),
        Action("mdm.certificate.revoke", "Device", groups=_CONSOLE),
        Action("mdm.certificate.enrol", "Device", principals=("System",)),
        Action("mdm.agent.certificate", "Device", groups=("agent_door",), principals=("Terminal",)),
    ],
    policies=policies_beside("mdm.certificates"),
)
