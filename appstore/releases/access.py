"""What the guard must know about releases."""

from appstore.releases.models import Release
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="appstore.releases",
    resources=[
        ResourceType(
            "Release",
            {
                "unit": Attribute("Unit", Release.unit_id),
                "package": Attribute("String", Release.package, optional=True),
            },
        )
    ],
    actions=[
        Action("app.release.submit", "Force"),
        Action("app.release.publish", "Release", step_up=True, approval=True),
        Action(
            "app.release.publish.approve",
            "Release",
            groups=("console",),
            step_up=True,
            internal=True,
        ),
        Action("app.release.reject", "Release", groups=("console",)),
        Action("app.release.retire", "Release", groups=("console",)),
        Action("app.release.block", "Release", groups=("console",), step_up=True),
    ],
    policies=policies_beside("appstore.releases"),
)
