"""What the guard must know about uploads; who may begin one, each target decides as well."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_ANYBODY = ("Officer", "Terminal", "System")

FRAGMENT = Fragment(
    name="uploads",
    resources=[ResourceType("Upload", {"own": Attribute("Bool"), "target": Attribute("String")})],
    actions=[
        Action("uploads.begin", "Upload", groups=("deposit_door",), principals=_ANYBODY),
        Action(
            "uploads.send",
            "Upload",
            groups=("deposit_door",),
            audited=Audited.ON_DENIAL,
            principals=_ANYBODY,
        ),
    ],
    policies=policies_beside("muster.kernel.uploads"),
)
