"""What the guard must know about downloads. Officers need a compliant terminal (group `data`)."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_TERMINAL = ("Terminal",)

FRAGMENT = Fragment(
    name="appstore.downloads",
    resources=[
        ResourceType("Download", {"mode": Attribute("String"), "visibility": Attribute("String")})
    ],
    actions=[
        Action("app.release.download", "Download", groups=("data",), scope="apps"),
        Action("app.agent.download", "Download", principals=_TERMINAL),
        Action("app.agent.desired", "Force", principals=_TERMINAL, audited=Audited.COUNTED),
    ],
    policies=policies_beside("appstore.downloads"),
)
