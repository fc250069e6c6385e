"""What the guard must know about the agent door."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

_DOOR = ("agent_door",)
_AGENT = ("Terminal",)

FRAGMENT = Fragment(
    name="mdm.gateways.native",
    actions=[
        Action(
            "mdm.agent.check_in",
            "Device",
            groups=_DOOR,
            principals=_AGENT,
            audited=Audited.COUNTED,
        ),
        Action("mdm.agent.result", "Device", groups=_DOOR, principals=_AGENT),
        Action("mdm.agent.configuration", "Device", groups=_DOOR, principals=_AGENT),
        Action(
            "mdm.agent.listen",
            "Device",
            groups=_DOOR,
            principals=_AGENT,
            audited=Audited.COUNTED,
        ),
    ],
    policies=policies_beside("mdm.gateways.native"),
)
