"""What the guard must know about configuration."""

from mdm.configuration.models import Configuration
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

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
        Action("mdm.configuration.write", "Configuration", groups=("console",)),
        Action("mdm.configuration.publish", "Configuration", groups=("console",)),
    ],
    policies=policies_beside("mdm.configuration"),
)
