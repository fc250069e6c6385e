"""What the guard must know about configuration."""

from mdm.configuration.models import Configuration
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, Target, policies_beside

PUBLISH = "mdm.configuration.publish"
WRITE = "mdm.configuration.write"
FRAGMENT = Fragment(
    name="mdm.configuration",
    resources=[
        ResourceType(
            "Configuration",
            {"unit": Attribute("Unit"), "scope": Attribute("String", Configuration.scope_kind)},
        )
    ],
    actions=[
        Action("mdm.configuration.list", "Force", groups=("console",)),
        Action(WRITE, "Configuration", groups=("console",)),
        Action(PUBLISH, "Configuration", groups=("console",), step_up=True),
        Action(
            f"{PUBLISH}.approve", "Configuration", groups=("console",), step_up=True, internal=True
        ),
    ],
    policies=policies_beside("mdm.configuration"),
)


def target(row: Configuration, unit: str) -> Target:
    """Return one layer as the guard sees it; `unit` is the path of the unit whose admins keep it."""
    return Target("Configuration", str(row.id), {"scope": row.scope_kind}, unit=unit)
