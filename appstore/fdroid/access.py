"""What the guard must know about F-Droid repositories and the capabilities that open them."""

from appstore.fdroid.models import FdroidAccess
from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)
from muster.kernel.identity import Device

_READERS = ("Officer", "Terminal")

FRAGMENT = Fragment(
    name="appstore.fdroid",
    resources=[
        ResourceType("Repository", {"unit": Attribute("Unit"), "own": Attribute("Bool")}),
        ResourceType(
            FdroidAccess.__name__,
            {"unit": Attribute("Unit", Device.unit_id), "own": Attribute("Bool")},
        ),
    ],
    actions=[
        Action(
            "app.fdroid.pull",
            "Repository",
            groups=("data",),
            principals=_READERS,
            scope="apps",
            audited=Audited.COUNTED,
        ),
        Action(
            "app.fdroid.download",
            "Repository",
            groups=("data",),
            principals=_READERS,
            scope="apps",
        ),
        Action("app.fdroid.read", "Force", groups=("data",), scope="apps"),
        Action("app.fdroid_access.issue", "FdroidAccess", groups=("data",), scope="apps"),
        Action("app.fdroid_access.list", "Force", groups=("data",), scope="apps"),
        Action("app.fdroid_access.read", "FdroidAccess", groups=("console",), internal=True),
        Action("app.fdroid_access.revoke", "FdroidAccess", groups=("data",), scope="apps"),
    ],
    policies=policies_beside("appstore.fdroid"),
)
