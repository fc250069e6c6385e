"""What the guard must know about the Headwind gateway: the terminal acts on itself."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

_DOOR = ("agent_door",)
_AGENT = ("Terminal",)

FRAGMENT = Fragment(
    name="mdm.gateways.headwind",
    actions=[
        Action(
            "mdm.headwind.configuration",
            "Device",
            groups=_DOOR,
            principals=_AGENT,
            audited=Audited.COUNTED,
        ),
        Action(
            "mdm.headwind.report",
            "Device",
            groups=_DOOR,
            principals=_AGENT,
            audited=Audited.COUNTED,
        ),
        Action("mdm.headwind.confirm", "Device", groups=_DOOR, principals=_AGENT),
        Action(
            "mdm.headwind.listen",
            "Device",
            groups=_DOOR,
            principals=_AGENT,
            audited=Audited.COUNTED,
        ),
        Action("mdm.headwind.download", "Device", principals=_AGENT),
        Action("mdm.headwind.read", "Device", groups=("console",)),
        Action("mdm.headwind.move", "Device", groups=("console",)),
        Action("mdm.headwind.list", "Force", groups=("console",)),
    ],
    policies=policies_beside("mdm.gateways.headwind"),
)
